import { BROKEN_INPUT, type ToolUseBlock } from "./read-answer.ts";
import { listFiles, readFile, writeFile } from "./tools/file-tools.ts";
import { runCommand } from "./tools/run-command.ts";
import { type Tool, type ToolContext, ToolRefusal } from "./tools/tool.ts";

/** Everything that the built-in agent can do. */
export const TOOLS: readonly Tool[] = [listFiles, readFile, writeFile, runCommand];

/** Runs one tool call. The model learns what went wrong, so that it can do better. */
export async function runTool(call: ToolUseBlock, context: ToolContext) {
  const tool = TOOLS.find((candidate) => candidate.name === call.name);
  if (tool === undefined) {
    const known = TOOLS.map(({ name }) => name).join(", ");
    return { ok: false, output: `There is no tool "${call.name}". There are: ${known}.` };
  }
  if (hasBrokenInput(call.input)) {
    return { ok: false, output: "The tool's input was not valid JSON. Send it again, shorter." };
  }
  try {
    return { ok: true, output: await tool.run(call.input, context) };
  } catch (error) {
    if (error instanceof ToolRefusal) return { ok: false, output: error.message };
    // The model knows paths relative to its working directory.
    if (isSystemError(error)) {
      return { ok: false, output: error.message.replaceAll(`${context.folder}/`, "") };
    }
    throw error;
  }
}

function hasBrokenInput(input: unknown): boolean {
  return typeof input === "object" && input !== null && BROKEN_INPUT in input;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error;
}
