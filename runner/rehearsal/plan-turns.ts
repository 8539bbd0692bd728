import { extname } from "node:path";

import type { TaskVariant } from "./task-script.ts";
import type { Toolbox, ToolCall } from "./toolbox.ts";

/** One answer that calls tools: its text, and the calls, which the client may run in parallel. */
export interface ScriptedTurn {
  readonly say: string;
  readonly calls: readonly ToolCall[];
}

/**
 * The turns of a task: list, read, write and check the files. A turn is left out if the client
 * offers no tool for it.
 */
export function planTurns(
  variant: TaskVariant,
  toolbox: Toolbox,
  extraTurns: number,
): readonly ScriptedTurn[] {
  const paths = Object.keys(variant.files);
  const files = Object.entries(variant.files);
  const rereads = Array.from({ length: extraTurns }, () =>
    turn("I will look at it once more.", [toolbox.read(paths[0] ?? "")]),
  );
  return [
    turn("I will look at the workspace first.", [toolbox.list() ?? toolbox.run("ls -a")]),
    turn(
      "Now the files that the feature is about.",
      paths.map((path) => toolbox.read(path)),
    ),
    turn(
      "I will write the implementation.",
      files.map(([path, text]) => toolbox.write(path, text)),
    ),
    ...rereads,
    turn("I will check what I wrote.", [toolbox.run(checkCommand(paths))]),
  ].filter(({ calls }) => calls.length > 0);
}

function turn(say: string, calls: readonly (ToolCall | undefined)[]): ScriptedTurn {
  return { say, calls: calls.filter((call) => call !== undefined) };
}

/** Node checks the syntax of JavaScript only. For other files, the check prints their sizes. */
function checkCommand(paths: readonly string[]): string {
  const checks = paths.map((path) =>
    [".js", ".mjs", ".cjs"].includes(extname(path)) ? `node --check '${path}'` : `wc -c '${path}'`,
  );
  return checks.join(" && ");
}

/**
 * The next turn after a number of tool results. Only the history shows the progress, because clients
 * keep no state with the model. Undefined when all is done.
 */
export function nextTurn(
  turns: readonly ScriptedTurn[],
  resultCount: number,
): ScriptedTurn | undefined {
  let callsBefore = 0;
  for (const candidate of turns) {
    if (callsBefore >= resultCount) return candidate;
    callsBefore += candidate.calls.length;
  }
  return undefined;
}
