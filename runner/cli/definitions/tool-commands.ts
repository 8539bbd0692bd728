import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { SHELLS } from "../completion/shell-scripts.ts";
import type { Act, CommandDefinition } from "./definition.ts";
import { CONFIG, DATA_DIR, EXPERIMENT, JSON_OUTPUT, POLICY, STORE } from "./shared-options.ts";
import { BANK } from "./task-commands.ts";

export const pricesList = {
  name: "list",
  about: "List the prices that an experiment here would use. Your own prices come first.",
  options: [
    ["--model <pattern>", "only models with such an id, e.g. 'gpt-5*'"],
    CONFIG,
    JSON_OUTPUT,
  ],
  examples: [
    ["prices list", "every model with a price"],
    ["prices list --model 'glm-*' --json", "some models, for a script"],
  ],
  load: async (): Promise<Act> => (await import("../commands/prices.ts")).pricesList,
} as const satisfies CommandDefinition;

export const pricesRefresh = {
  name: "refresh",
  about:
    "Make a price file from a local copy of the public LiteLLM list. It does not use the network.",
  options: [
    ["--from <file>", "the copy: model_prices_and_context_window.json", { isRequired: true }],
    ["--out <file>", "the price file to write: YAML or JSON, by its name", { isRequired: true }],
    ["--as-of <date>", "the day of the copy (default: when it was last written)"],
    ["--json", "print what was taken and what was left out as JSON"],
  ],
  examples: [
    [
      "prices refresh --from model_prices_and_context_window.json --out prices.yaml",
      "then write prices: prices.yaml into experiment.yaml",
    ],
  ],
  load: async (): Promise<Act> => (await import("../commands/prices.ts")).pricesRefresh,
} as const satisfies CommandDefinition;

export const completion = {
  name: "completion",
  about:
    "Print a completion script for your shell. It completes commands, options, their values, experiments, tasks and files.",
  args: [
    ["<shell>", "the shell", SHELLS],
    ["[words...]", "the words so far, which the script itself hands over behind --"],
  ],
  examples: [
    ["completion bash > experiment.bash", "then write into ~/.bashrc: source …/experiment.bash"],
    ["completion zsh > _experiment", "into a folder that fpath names"],
    ["completion fish > experiment.fish", "into ~/.config/fish/completions"],
  ],
  load: async (): Promise<Act> => (await import("../commands/completion.ts")).completion,
} as const satisfies CommandDefinition;

export const prices = {
  name: "prices",
  about: "Show or refresh the prices of models.",
  commands: [pricesList, pricesRefresh],
} as const satisfies CommandDefinition;

export const analyze = {
  name: "analyze",
  about:
    "Analyse windows from anywhere. The file is a CSV or a JSON array with feature, replicate, provider, period, cost, quality, errors, requests and latencies_ms.",
  args: [["<file>", "CSV or JSON, one row for each window"]],
  options: [
    [
      "--baseline <provider>",
      "the provider that the others are compared with",
      { isRequired: true },
    ],
    ["--seed <seed>", "the seed for resampling (default: 1)"],
    ["--gates <file>", "thresholds (default: the built-in ones)"],
    POLICY,
    ["--json", "print JSON with the field names of the statistical specification"],
  ],
  examples: [
    ["analyze windows.csv --baseline claude", "the whole analysis as text"],
    ["analyze windows.json --baseline claude --json", "for a script"],
  ],
  load: async (): Promise<Act> => (await import("../commands/analyze.ts")).analyze,
} as const satisfies CommandDefinition;

export const simulate = {
  name: "simulate",
  about:
    "Check the statistics on simulated experiments. Their truth is known, so it shows whether intervals and gates keep their promises.",
  options: [
    ["--seed <seed>", "the seed of every draw (default: 1)"],
    ["--experiments <count>", "experiments in each cell (default: 1000)"],
    ["--cell <name>", "one cell, or a group of cells such as gate"],
    JSON_OUTPUT,
  ],
  examples: [
    ["simulate", "every cell, quickly"],
    ["simulate --cell coverage-12 --experiments 10000", "one cell, thoroughly"],
  ],
  exits: { [EXIT.failed]: "a promise is broken" },
  load: async (): Promise<Act> => (await import("../commands/simulate.ts")).simulate,
} as const satisfies CommandDefinition;

export const regrade = {
  name: "regrade",
  about:
    "Grade the kept work of final windows again. The bank and the grader are the present ones. The first grades stay.",
  options: [
    ["--window <window>", "one window (default: all with kept work)"],
    ["--times <count>", "gradings of each window (default: 1)"],
    EXPERIMENT,
    DATA_DIR,
    STORE,
    ...BANK,
  ],
  examples: [
    ["regrade --window W0-01 --times 20", "how far the grader agrees with itself"],
    ["regrade", "what a changed suite or grader says about the same work"],
  ],
  exits: { [EXIT.failed]: "a grading failed, or kept work is lost" },
  load: async (): Promise<Act> => (await import("../commands/regrade.ts")).regrade,
} as const satisfies CommandDefinition;

export const clean = {
  name: "clean",
  about:
    "Remove the workspaces of ended attempts, and unused captures. Reports and the ledger stay.",
  options: [EXPERIMENT, DATA_DIR, STORE, ["--dry-run", "list what would be removed, and keep it"]],
  examples: [["clean --dry-run", "list what would be removed"]],
  load: async (): Promise<Act> => (await import("../commands/clean.ts")).clean,
} as const satisfies CommandDefinition;

export const doctor = {
  name: "doctor",
  about:
    "Check whether an experiment could start on this machine. It looks for agents, log-ins and keys, sandbox, git, disk and DuckDB, and says what to do about each. With --store it looks at the database instead. No model is asked.",
  readsStore: true,
  options: [
    ["--isolation", "list the ways out of an agent's sandbox, each tried"],
    STORE,
    [
      "--workers <number>",
      "how many workers the store shall serve (default: those that are there)",
      { conflictsWith: "isolation" },
    ],
    JSON_OUTPUT,
  ],
  examples: [
    ["doctor", "what is here, and what is missing"],
    ["doctor --isolation", "what an agent can reach on this machine"],
    ["doctor --isolation || exit 1", "in CI, before agents run"],
    ["doctor --store postgres://me@db/trials --workers 20", "what a database has for 20 workers"],
  ],
  exits: {
    [EXIT.done]: "an experiment could start; with --isolation: every attempt was stopped",
    [EXIT.failed]: "something is missing; with --isolation: an attempt was not stopped",
  },
  load: async (): Promise<Act> => (await import("../commands/doctor.ts")).doctor,
} as const satisfies CommandDefinition;
