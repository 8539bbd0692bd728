import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { EXPLAINED_FIGURES } from "../../../reports/evidence/explained-figures.ts";
import type { Act, CommandDefinition, OptionDefinition } from "./definition.ts";
import {
  CONFIG,
  CONFIG_OF_EXPERIMENT,
  DATA_DIR,
  EXPERIMENT,
  JSON_OUTPUT,
  POLICY,
  RECORDINGS,
  SEED,
  SHOWN_BUDGETS,
  STORE,
  WORKSPACE_ROOT,
} from "./shared-options.ts";

const EXTEND = [
  "--extend <id>",
  "continue this experiment, with the tasks added to its bank since",
] as const satisfies OptionDefinition;

const AGAINST_ITSELF = [
  "--aa",
  "compare the baseline with itself, so that every difference is chance",
] as const satisfies OptionDefinition;

export const init = {
  name: "init",
  about:
    "Write an experiment.yaml for your agents and this repository. It asks at most five questions on a terminal, and makes tasks from the last commits.",
  options: [
    ["--config <file>", "the file to write", { value: "experiment.yaml" }],
    ["--yes", "ask nothing and take what would be proposed"],
  ],
  examples: [
    ["init", "write experiment.yaml"],
    ["init --yes", "without a question, for scripts"],
    ["init --config second.yaml", "write another file"],
  ],
  load: async (): Promise<Act> => (await import("../commands/init.ts")).init,
} as const satisfies CommandDefinition;

export const plan = {
  name: "plan",
  about:
    "Show exactly what run will do, and run nothing. It prints the schedule, the budgets and where each came from, and the agents' command lines.",
  options: [SEED, CONFIG, AGAINST_ITSELF, EXTEND, DATA_DIR, STORE, WORKSPACE_ROOT, JSON_OUTPUT],
  optionGroups: { ...SHOWN_BUDGETS },
  examples: [
    ["plan --seed 42", "the schedule of the built-in rehearsal"],
    ["plan --config experiment.yaml --json", "your own experiment, for a script"],
  ],
  load: async (): Promise<Act> => (await import("../commands/plan.ts")).plan,
} as const satisfies CommandDefinition;

/** What a rehearsal proves, each level after the ones before it. */
export const REHEARSAL_LEVELS = ["parse", "commands", "dry-run", "role", "workflow"] as const;

export const run = {
  name: "run",
  awaitsStore: true,
  about:
    "Run the experiment, or show it if it is complete. Without a configuration file this is the built-in rehearsal: no network, no key.",
  options: [
    SEED,
    CONFIG,
    ["--resume", "continue an experiment that is not complete"],
    ["--retry-missing", "work tasks without a complete pair again, behind all others"],
    AGAINST_ITSELF,
    EXTEND,
    [
      "--stop-when <condition>",
      "halt an arm, or all arms, when this holds: 'errors>0.1', 'cost_usd>50' (at list prices); repeatable",
      { isRepeatable: true },
    ],
    DATA_DIR,
    STORE,
    WORKSPACE_ROOT,
  ],
  optionGroups: {
    "Before money is spent": [
      [
        "--rehearse [level]",
        "prove without a vendor that it will run, up to this level",
        { choices: REHEARSAL_LEVELS, preset: "workflow" },
      ],
    ],
    "For programs": [
      ["--json", "print the preview as JSON"],
      [
        "--json-events",
        "print each event as a line of JSON; what people read goes to stderr",
        { conflictsWith: "json" },
      ],
    ],
    "Show only, run nothing": [
      ["--dry-run", "print the plan"],
      ["--list-commands", "print what providers will be asked, with budgets"],
      ["--inspect-command <command>", "print how a command is read: budget, provider, prompt"],
    ],
    ...RECORDINGS,
    ...SHOWN_BUDGETS,
  },
  examples: [
    ["run --seed 42", "the rehearsal"],
    ["run --aa", "the baseline against itself: what this set-up calls a difference by chance"],
    ["run --config experiment.yaml", "your own experiment"],
    ["run --rehearse", "whether it will run, before money is spent"],
    ["run --resume", "continue after a crash, Ctrl-C or a spent budget"],
    ["run --extend db7db446cd01", "add the tasks that are new in the bank"],
    ["run --overall-cost-budget 25", "end when 25 dollars are spent"],
    [
      "run --period-token-budget 500000 --period 5h",
      "wait whenever the last 5 hours took 500,000 tokens",
    ],
    ["run --command-budget /implement=40000", "end any attempt at /implement at 40,000 tokens"],
    ["run --list-commands", "what is asked, with the budget of each command"],
    ["run --inspect-command '/implement lru-cache'", "how this command is read"],
  ],
  exits: {
    [EXIT.done]: "the experiment is complete",
    [EXIT.budget]: "a budget ended the session; raise it and add --resume",
    [EXIT.halted]: "a stop rule halted the experiment",
    [EXIT.interrupted]: "Ctrl-C; everything is saved, continue with --resume",
  },
  load: async (): Promise<Act> => (await import("../commands/run.ts")).run,
} as const satisfies CommandDefinition;

export const report = {
  name: "report",
  about: "Write the report from the ledger. The same ledger gives the same bytes.",
  options: [
    EXPERIMENT,
    CONFIG_OF_EXPERIMENT,
    [
      "--format <formats>",
      "comma-separated list of markdown, html, json, csv, junit; or all (default: markdown,html,json)",
    ],
    ["--out <folder>", "the folder to write to (default: reports/EXPERIMENT in the data folder)"],
    DATA_DIR,
    STORE,
    ["--json", "print the report as JSON, write no files"],
    ["--without-code", "leave the agents' changes and logs out of report.html"],
  ],
  examples: [
    ["report", "report.md with its pictures, report.html and report.json"],
    ["report --format markdown,junit --out ci", "for a CI server, in the folder ci"],
    ["report --without-code", "for readers who may not see the code"],
    ["report --format csv", "each table as a file of comma-separated values"],
    ["report --json | jq '.comparisons[0].cost_ratio'", "one figure for a script"],
  ],
  load: async (): Promise<Act> => (await import("../commands/report.ts")).report,
} as const satisfies CommandDefinition;

export const view = {
  name: "view",
  about:
    "Show the report in your browser. The page is served on loopback until Ctrl-C, and follows a run.",
  options: [
    EXPERIMENT,
    CONFIG_OF_EXPERIMENT,
    ["--port <port>", "the port on 127.0.0.1; 0 takes a free one", { value: "0" }],
    ["--open", "open the address in the browser"],
    DATA_DIR,
    STORE,
  ],
  examples: [
    ["view", "print the address to open"],
    ["view --open", "open it"],
    ["view --port 8123", "under an address that stays the same but for its token"],
  ],
  exits: { [EXIT.done]: "Ctrl-C ended it" },
  load: async (): Promise<Act> => (await import("../commands/view.ts")).view,
} as const satisfies CommandDefinition;

export const preview = {
  name: "preview",
  about:
    "Show where the experiment stands. It prints outcomes, costs, budgets and anomalies so far.",
  options: [
    [
      "--window <window>",
      "only this window: its readings and what affects it, or its rows with --explain",
    ],
    ["--explain <figure>", "the rows that a figure is made from", { choices: EXPLAINED_FIGURES }],
    EXPERIMENT,
    CONFIG_OF_EXPERIMENT,
    DATA_DIR,
    STORE,
    JSON_OUTPUT,
  ],
  examples: [
    ["preview", "the latest experiment"],
    ["preview --explain cost", "the rows with the cost of each window"],
    ["preview --experiment b7fcc0f87fac", "another experiment in the ledger"],
    ["preview --config other.yaml", "the experiment of another configuration"],
    ["preview --experiment manual", "the manual windows"],
  ],
  load: async (): Promise<Act> => (await import("../commands/preview.ts")).preview,
} as const satisfies CommandDefinition;

export const compare = {
  name: "compare",
  about:
    "Compare what two providers used for the same features. It reads the ledger, or telemetry files of any proxy. Input that telemetry does not divide is priced as uncached.",
  options: [
    ["--baseline <provider>", "the provider or backend to compare with", { isRequired: true }],
    ["--candidate <provider>", "the other one", { isRequired: true }],
    ["--telemetry <file>", "a telemetry file instead of the ledger", { isRepeatable: true }],
    EXPERIMENT,
    DATA_DIR,
    STORE,
    JSON_OUTPUT,
  ],
  examples: [
    ["compare --baseline codex --candidate glm", "the windows of the latest experiment"],
    ["compare --baseline anthropic --candidate glm --telemetry telemetry.jsonl", "a proxy's lines"],
  ],
  load: async (): Promise<Act> => (await import("../commands/compare.ts")).compare,
} as const satisfies CommandDefinition;

export const gate = {
  name: "gate",
  about:
    "Decide whether to add one seat, and say why. Only exit code 0 means expand, so that a script can rely on it.",
  options: [
    EXPERIMENT,
    ["--config <file>", "the configuration that names a gate file"],
    ["--gates <file>", "show the answer of these thresholds beside that of the registered ones"],
    [
      "--policy <policy>",
      "show the answer of this policy beside that of the registered one",
      POLICY[2],
    ],
    ["--allow-amended", "let thresholds or a policy decide that were not registered"],
    DATA_DIR,
    STORE,
    JSON_OUTPUT,
    ["--junit <file>", "also write the result as JUnit XML"],
  ],
  examples: [
    ["gate", "the decision, and what it would take to expand"],
    ["gate --junit gate.xml || exit 1", "in CI"],
  ],
  exits: {
    [EXIT.done]: "expand",
    [EXIT.halted]: "a stop rule halted the experiment",
    [EXIT.damaged]: "the ledger is damaged, or a row can't be read",
    [EXIT.stayLean]: "stay lean",
  },
  load: async (): Promise<Act> => (await import("../commands/gate.ts")).gate,
} as const satisfies CommandDefinition;

const CAUSES = ["capacity", "tooling", "docs"] as const;
const FEATURE = ["<feature>", "the feature's name, e.g. search-page"] as const;
const BACKLOG_JSON = ["--json", "print the backlog as JSON"] as const satisfies OptionDefinition;

export const backlogReady = {
  name: "ready",
  about: "Record that work on a feature could start now.",
  args: [FEATURE],
  options: [DATA_DIR, STORE, BACKLOG_JSON],
  examples: [["backlog ready search-page", "it could start now"]],
  load: async (): Promise<Act> => (await import("../commands/backlog.ts")).backlogReady,
} as const satisfies CommandDefinition;

export const backlogBlock = {
  name: "block",
  about: "Record what blocks a feature.",
  args: [FEATURE],
  options: [
    ["--by <cause>", "what blocks it", { choices: CAUSES, isRequired: true }],
    DATA_DIR,
    STORE,
    BACKLOG_JSON,
  ],
  examples: [
    ["backlog block search-page --by capacity", "only the provider's capacity is missing"],
  ],
  load: async (): Promise<Act> => (await import("../commands/backlog.ts")).backlogBlock,
} as const satisfies CommandDefinition;

export const backlogUnblock = {
  name: "unblock",
  about: "Record that a feature is no longer blocked.",
  args: [FEATURE],
  options: [
    ["--by <cause>", "the cause that is gone (default: every cause)", { choices: CAUSES }],
    DATA_DIR,
    STORE,
    BACKLOG_JSON,
  ],
  examples: [
    ["backlog unblock search-page", "nothing blocks it any more"],
    ["backlog unblock search-page --by docs", "other causes remain"],
  ],
  load: async (): Promise<Act> => (await import("../commands/backlog.ts")).backlogUnblock,
} as const satisfies CommandDefinition;

export const backlogList = {
  name: "list",
  about: "Show which features wait, and what the gate counts.",
  options: [DATA_DIR, STORE, BACKLOG_JSON],
  examples: [["backlog list", "every feature with its blocks"]],
  load: async (): Promise<Act> => (await import("../commands/backlog.ts")).backlogList,
} as const satisfies CommandDefinition;

export const backlog = {
  name: "backlog",
  about: "Record which features wait, and why. The second gate counts them.",
  commands: [backlogReady, backlogBlock, backlogUnblock, backlogList],
} as const satisfies CommandDefinition;
