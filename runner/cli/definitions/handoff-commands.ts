import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import type { Act, CommandDefinition } from "./definition.ts";
import { JSON_OUTPUT } from "./shared-options.ts";

export const handoffCheck = {
  name: "check",
  about:
    "Check a handoff: the file by which one role passes its work to the next. Each fault is printed with its line.",
  args: [["<file>", "a Markdown file with front matter"]],
  options: [JSON_OUTPUT],
  examples: [
    ["handoff check plan.md", "the plan that an implementer will follow"],
    ["handoff check review.md --json", "the findings, for a program"],
  ],
  exits: {
    [EXIT.done]: "the handoff is valid",
    [EXIT.failed]: "the handoff has faults",
    [EXIT.usage]: "the file can't be read",
  },
  load: async (): Promise<Act> => (await import("../commands/handoff-check.ts")).handoffCheck,
} as const satisfies CommandDefinition;

export const handoff = {
  name: "handoff",
  about: "Check what one role hands over to the next.",
  commands: [handoffCheck],
} as const satisfies CommandDefinition;
