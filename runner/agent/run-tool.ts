import { BROKEN_INPUT } from "./assemble-answer.ts";
import type { ToolUseBlock } from "./messages.ts";
import { type ToolContext, ToolRefusal } from "./tools/tool.ts";
import { TOOLS } from "./tools/tools.ts";

export interface ToolOutcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs one tool call; what goes wrong is told to the model, which can do better. */
export async function runTool(call: ToolUseBlock, context: ToolContext): Promise<ToolOutcome> {
  const tool = TOOLS.find((candidate) => candidate.name === call.name);
  if (tool === undefined) {
    const known = TOOLS.map(({ name }) => name).join(", ");
    return { ok: false, output: `There is no tool "${call.name}". There are: ${known}.` };
  }
  if (hasBrokenInput(call.input)) {
    return { ok: false, output: "The tool's input was no valid JSON. Send it again, shorter." };
  }
  try {
    return { ok: true, output: await tool.run(call.input, context) };
  } catch (error) {
    if (error instanceof ToolRefusal) return { ok: false, output: error.message };
    // Paths are told as the model knows them: relative to the folder it works in.
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
