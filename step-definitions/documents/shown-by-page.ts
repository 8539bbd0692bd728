import { readFileSync } from "node:fs";

import { execa } from "execa";

import { readShown, type Shown } from "./read-shown.ts";

/** CI runs these lines themselves. */
export const RUN_BY_CI = new Set(["npm ci", "npm test", "npm ci && npm test"]);

const PROVIDER = { driver: "builtin-agent", model: "model", upstream: "pretend" };
/** A configuration for pages that begin with the reader's own. */
export const SMALL_EXPERIMENT = {
  tasks: { include: ["lru-cache"] },
  providers: { one: PROVIDER, two: { ...PROVIDER, model: "other" } },
  upstreams: { pretend: { scripted: { model: {}, other: {} } } },
};

/** The files, commands and outputs of a page, without the commands that CI runs itself. */
export function shownBy(page: string): Shown[] {
  return readShown(readFileSync(page, "utf8"))
    .filter((shown) => shown.kind !== "command" || !RUN_BY_CI.has(shown.text))
    .map((shown) =>
      shown.kind === "command" ? { ...shown, text: shown.text.replace(/^npm ci && /, "") } : shown,
    );
}

/** The words of a command, as a shell passes them to the program. */
export async function wordsOf(command: string): Promise<readonly string[]> {
  const { stdout } = await execa("sh", ["-c", `printf '%s\\n' ${command}`]);
  return stdout.split("\n");
}
