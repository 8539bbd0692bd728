import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import type { Act, CommandDefinition } from "./definition.ts";
import { JSON_OUTPUT } from "./shared-options.ts";

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
    [EXIT.usage]: "a file can't be read, or the one behind --after is no valid review",
  },
  load: async (): Promise<Act> => (await import("../commands/handoff-check.ts")).handoffCheck,
} as const satisfies CommandDefinition;

export const handoff = {
  name: "handoff",
  about: "Check what one role hands over to the next.",
  commands: [handoffCheck],
} as const satisfies CommandDefinition;

export const workflowCheck = {
  name: "check",
  about:
    "Check a workflow file: the roles that share the work of a window, in their order. Each fault is printed with its line. Experiments do not run teams yet.",
  args: [["<file>", "a workflow file, or team: the one that comes with the program"]],
  options: [JSON_OUTPUT],
  examples: [
    ["workflow check team", "the planner, implementer, reviewer and documenter that are shipped"],
    ["workflow check my-team.yaml", "roles of your own"],
  ],
  exits: {
    [EXIT.done]: "the workflow is valid",
    [EXIT.usage]: "the file has faults, or can't be read",
  },
  load: async (): Promise<Act> => (await import("../commands/workflow-check.ts")).workflowCheck,
} as const satisfies CommandDefinition;

export const workflow = {
  name: "workflow",
  about: "Check how roles share the work of a window.",
  commands: [workflowCheck],
} as const satisfies CommandDefinition;
