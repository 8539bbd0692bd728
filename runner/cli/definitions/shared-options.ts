import type { BudgetScope } from "../../../ledger/domain/budget-event.ts";
import { NAMED_LIMIT_OPTIONS, SINGLE_LIMIT_OPTIONS } from "../../gateway/budgets/limit-options.ts";
import { UNIT_FORM } from "../../gateway/budgets/parse-budget.ts";
import type { OptionDefinition, OptionGroups } from "./definition.ts";

export const DATA_DIR = [
  "--data-dir <folder>",
  "where ledger, captures and reports are kept (default: .experiment)",
  { variable: "COUNTERBALANCE_DATA_DIR" },
] as const satisfies OptionDefinition;

export const STORE = [
  "--store <address>",
  "the PostgreSQL database with the ledger",
  { variable: "COUNTERBALANCE_STORE" },
] as const satisfies OptionDefinition;

export const WORKSPACE_ROOT = [
  "--workspace-root <folder>",
  "where agents work; outside every repository",
] as const satisfies OptionDefinition;

export const CONFIG = [
  "--config <file>",
  "the configuration (default: experiment.yaml or .yml)",
] as const satisfies OptionDefinition;

export const SEED = [
  "--seed <seed>",
  "the seed that draws the schedule; any text",
  { variable: "COUNTERBALANCE_SEED" },
] as const satisfies OptionDefinition;

export const EXPERIMENT = [
  "--experiment <id>",
  "one of several experiments in the ledger (default: the latest)",
] as const satisfies OptionDefinition;

export const CONFIG_OF_EXPERIMENT = [
  "--config <file>",
  "the latest experiment that was run with this configuration",
  { conflictsWith: "experiment" },
] as const satisfies OptionDefinition;

export const POLICY = [
  "--policy <policy>",
  "how strictly to decide (default: the gate file's policy)",
  { choices: ["literal", "standard", "strict"] },
] as const satisfies OptionDefinition;

export const JSON_OUTPUT = ["--json", "print JSON"] as const satisfies OptionDefinition;

/** Options by which requests are recorded, or answered from a recording. */
export const RECORDINGS = {
  Recordings: [
    ["--record <folder>", "keep requests and answers, without credentials"],
    [
      "--replay <folder>",
      "answer from a recording; send nothing to a vendor",
      { conflictsWith: "record" },
    ],
    [
      "--replay-timing <timing>",
      "original keeps the recorded pauses; zero (default) leaves them out",
      { choices: ["original", "zero"] },
    ],
  ],
} as const satisfies OptionGroups;

const LIMITED: Readonly<Record<BudgetScope, string>> = {
  overall: "all windows together",
  window: "one attempt at any window",
  period: "the whole ledger within --period",
  command: "one attempt at the command",
  role: "the role within one attempt",
};

/** Every option that gives a budget or says how budgets work. */
export const BUDGETS = {
  "Budgets (a number, 0 for nothing, or unlimited)": [
    ...SINGLE_LIMIT_OPTIONS.map(({ flag, variable, scope, unit }): OptionDefinition => [
      `${flag} <${UNIT_FORM[unit]}>`,
      LIMITED[scope],
      { variable },
    ]),
    ...NAMED_LIMIT_OPTIONS.map(({ flag, variable, scope, unit }): OptionDefinition => [
      `${flag} <${scope}=${UNIT_FORM[unit]}>`,
      `${LIMITED[scope]}; repeatable`,
      { isRepeatable: true, variable },
    ]),
  ],
  "How budgets work": [
    [
      "--period <time>",
      "length of the rolling period: 90s, 30m, 5h, 7d or 1w",
      { variable: "COUNTERBALANCE_PERIOD" },
    ],
    [
      "--budget-parameter-type <type>",
      "the limits that hold: tokens, cost or mixed (default)",
      { variable: "COUNTERBALANCE_BUDGET_PARAMETER_TYPE" },
    ],
    [
      "--budget-basis <basis>",
      "the tokens that count: uncached (default), billable (by price) or all",
      { variable: "COUNTERBALANCE_BUDGET_BASIS" },
    ],
    [
      "--budget-enforcement-mode <mode>",
      "block (default) refuses requests without room; warn only reports them",
      { variable: "COUNTERBALANCE_BUDGET_ENFORCEMENT_MODE" },
    ],
    [
      "--budget-cut <cut>",
      "hard ends a running answer at the limit; none (default) lets it finish",
      { variable: "COUNTERBALANCE_BUDGET_CUT" },
    ],
    [
      "--overall-budget-scope <scope>",
      "a run and the proxies beside it share the overall budget: shared (default), or own",
      { variable: "COUNTERBALANCE_OVERALL_BUDGET_SCOPE" },
    ],
  ],
} as const satisfies OptionGroups;

const DISABLE_VISUALS = [
  "--disable-budget-visuals",
  "show budgets as numbers, without bars",
  { variable: "COUNTERBALANCE_DISABLE_BUDGET_VISUALS" },
] as const satisfies OptionDefinition;

/** The same for commands that show budgets as bars. */
export const SHOWN_BUDGETS = {
  ...BUDGETS,
  "How budgets work": [...BUDGETS["How budgets work"], DISABLE_VISUALS],
} as const satisfies OptionGroups;
