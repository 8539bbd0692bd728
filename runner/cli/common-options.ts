import type { BudgetScope } from "../../ledger/domain/budget-event.ts";
import { NAMED_LIMIT_OPTIONS, SINGLE_LIMIT_OPTIONS } from "../gateway/budgets/limit-options.ts";
import { UNIT_FORM } from "../gateway/budgets/parse-budget.ts";
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
      "whether a run and open proxies share the overall budget: shared (default), or own",
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

export const EXTEND = [
  "--extend <id>",
  "continue this experiment, with the tasks added to its bank since",
] as const satisfies OptionDefinition;

export const AGAINST_ITSELF = [
  "--aa",
  "compare the baseline with itself, so that every difference is chance",
] as const satisfies OptionDefinition;

export const WINDOW = [
  "--window <window>",
  "the window, such as W0-07 (default: the agent's current one)",
] as const satisfies OptionDefinition;

export const WHICH_WINDOW = {
  Window: [
    WINDOW,
    ["--provider <name>", "the window's provider (default: the pane's, or the only one)"],
    ["--attempt <number>", "the attempt at the window", { value: "1" }],
  ],
} as const satisfies OptionGroups;

export const AT = [
  "--at <time>",
  "when it was read, e.g. 2025-10-19T14:02:00+02:00 (default: now)",
] as const satisfies OptionDefinition;

export const LATE = [
  "--late",
  "accept an after reading within 5 minutes after a reset; records an anomaly",
] as const satisfies OptionDefinition;

export const WHEN_READ = {
  "Time of the reading": [
    AT,
    [
      "--time-zone <zone>",
      "time zone of the pane's clock, e.g. Europe/Berlin (default: the machine's)",
      { variable: "TZ" },
    ],
    LATE,
  ],
} as const satisfies OptionGroups;

/** A remark of the operator. */
export const NOTES = [
  "--notes <text>",
  "what was unusual; kept with the row",
] as const satisfies OptionDefinition;

export const AGENT = [
  ["--agent <name>", "who does the work (default: main)", { variable: "AGENT_ID" }],
  DATA_DIR,
  STORE,
  JSON_OUTPUT,
] as const satisfies readonly OptionDefinition[];

export const ONE_EXPERIMENT = [
  "--experiment <id>",
  "only this experiment, or manual (default: manual windows and the latest)",
] as const satisfies OptionDefinition;

export const ZONE = [
  "--time-zone <zone>",
  "time zone of local times, e.g. Europe/Berlin (default: the machine's)",
  { variable: "TZ" },
] as const satisfies OptionDefinition;

export const BANK = [
  ["--bank <folder>", "the task bank (default: the configuration's, else the built-in one)"],
  ["--config <file>", "the configuration that names the bank"],
  JSON_OUTPUT,
] as const satisfies readonly OptionDefinition[];
