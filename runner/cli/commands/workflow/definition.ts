import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { JSON_OUTPUT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const workflowCheck = {
  name: "check",
  about:
    "Check a workflow file: the roles that share the work of a window, in their order. Each fault is printed with its line. An experiment runs a workflow if a provider names it.",
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
} as const satisfies CommandDefinition;

export const workflow = {
  name: "workflow",
  about: "Check how roles share the work of a window.",
  commands: [workflowCheck],
} as const satisfies CommandDefinition;
