import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { JSON_OUTPUT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const handoffCheck = {
  name: "check",
  about:
    "Check a handoff: the file by which one role passes its work to the next. Each fault is printed with its line.",
  args: [["<file>", "a Markdown file with front matter"]],
  options: [
    [
      "--after <file>",
      "the review before it: findings keep their numbers and names, and no finding is lost",
    ],
    JSON_OUTPUT,
  ],
  examples: [
    ["handoff check plan.md", "the plan that an implementer will follow"],
    [
      "handoff check second-review.md --after review.md",
      "whether each finding of the first round is still named",
    ],
    ["handoff check review.md --json", "the findings, for a program"],
  ],
  exits: {
    [EXIT.done]: "the handoff is valid",
    [EXIT.failed]: "the handoff has faults",
    [EXIT.usage]: "a file can't be read, or --after does not name a valid review",
  },
} as const satisfies CommandDefinition;

export const handoff = {
  name: "handoff",
  about: "Check what one role hands over to the next.",
  commands: [handoffCheck],
} as const satisfies CommandDefinition;
