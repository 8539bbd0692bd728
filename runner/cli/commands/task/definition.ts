import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { BANK, JSON_OUTPUT } from "../../common-options.ts";
import type { CommandDefinition, OptionDefinition } from "../../definition.ts";

const OWN_BANK = [
  "--bank <folder>",
  "the bank that gets it; it is made if it does not exist",
  { value: "task-bank" },
] as const satisfies OptionDefinition;

export const taskList = {
  name: "list",
  about: "List the tasks of a bank, with their sizes and the dates of their proofs.",
  options: BANK,
  examples: [
    ["task list", "the built-in tasks"],
    ["task list --bank my-tasks", "your own tasks"],
  ],
} as const satisfies CommandDefinition;

export const taskCheck = {
  name: "check",
  about: "Prove that each task passes correct work and fails everything else.",
  args: [["[tasks...]", "ids or patterns (default: all tasks)"]],
  options: [
    [
      "--mutants",
      "instead, change the solution in many small ways and run the suite with each; at least 95 % must fail",
      { conflictsWith: "attack" },
    ],
    ["--attack", "instead, grade cheating and hostile solutions, slow ones too; each must score 0"],
    [
      "--all",
      "prove everything: the solution, its variants, cheats, attacks and mutants; writes proof.json into each task",
      { conflictsWith: ["mutants", "attack"] },
    ],
    [
      "--changed",
      "like --all, but only for tasks that have changed since their proof.json",
      { conflictsWith: ["mutants", "attack"] },
    ],
    ["--seed <text>", "with --changed: prove one more task, which the text draws"],
    ...BANK,
  ],
  examples: [
    ["task check lru-cache", "one built-in task"],
    ["task check --bank my-tasks", "all your own tasks"],
    ["task check --mutants lru-cache", "what the suite does not notice"],
    [
      "task check --attack lru-cache",
      "whether a solution can get a score that it does not deserve",
    ],
    ["task check --changed --seed 42", "what has changed, and one task again"],
  ],
  exits: {
    [EXIT.failed]: "a task grades something wrongly, or too many mutants survive",
  },
} as const satisfies CommandDefinition;

export const taskShow = {
  name: "show",
  about: "Show one task: what the agent is asked for, how it is graded, and its proof.",
  args: [["<id>", "the task"]],
  options: BANK,
  examples: [["task show lru-cache", "a built-in task"]],
} as const satisfies CommandDefinition;

export const taskNew = {
  name: "new",
  about:
    "Write the files of a new task, as a start for your own. 'task check' says what is still missing.",
  args: [["<id>", "the name of the task's folder: lower-case words joined by hyphens"]],
  options: [
    [
      "--from <kind>",
      "gherkin: scenarios for one module; command: a repository's own tests",
      { choices: ["gherkin", "command"], isRequired: true },
    ],
    OWN_BANK,
  ],
  examples: [
    ["task new word-count --from gherkin", "a module that scenarios describe"],
    ["task new parser-errors --from command", "a change that a repository's tests check"],
  ],
} as const satisfies CommandDefinition;

export const taskImport = {
  name: "import",
  about:
    "Make tasks from commits of a repository, and prove each. The commit's parent is what the agent starts from; its tests are hidden, and its message says what to do.",
  options: [
    ["--repo <path>", "a folder in the repository", { value: "." }],
    ["--path <folder>", "the project in it that agents work in, relative to the repository"],
    ["--commit <commit>", "one commit (default: the last ones)", { conflictsWith: "since" }],
    ["--since <date>", "the first day, e.g. 2026-01-31 (default: the last commits)"],
    ["--limit <count>", "the most commits to look at (default: 40)"],
    [
      "--tests <pattern>",
      "the files with tests, relative to --path (default: those of the test runner); repeatable",
      { isRepeatable: true },
    ],
    ["--id <id>", "the name of the task, with --commit"],
    ["--statement <file>", "what the agent is asked for, with --commit (default: the message)"],
    OWN_BANK,
    JSON_OUTPUT,
  ],
  examples: [
    ["task import", "the last 40 commits of the repository here"],
    ["task import --repo ../our-parser --since 2026-01-01", "another repository, this year"],
    ["task import --path services/api --commit 3f2a91c", "one commit of a part of a repository"],
  ],
  exits: {
    [EXIT.done]: "at least one task was made",
    [EXIT.failed]: "no commit became a task",
    [EXIT.interrupted]: "Ctrl-C; the tasks that are done stay",
  },
} as const satisfies CommandDefinition;

export const task = {
  name: "task",
  about: "Make, list and check tasks.",
  commands: [taskImport, taskNew, taskList, taskShow, taskCheck],
} as const satisfies CommandDefinition;
