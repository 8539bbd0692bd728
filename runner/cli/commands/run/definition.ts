import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import {
  AGAINST_ITSELF,
  CONFIG,
  DATA_DIR,
  EXTEND,
  RECORDINGS,
  SEED,
  SHOWN_BUDGETS,
  STORE,
  WORKSPACE_ROOT,
} from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

/** What `--rehearse` checks, one level after the other. */
export const CHECK_LEVELS = ["parse", "commands", "dry-run", "role", "workflow"] as const;

export const run = {
  name: "run",
  awaitsStore: true,
  about:
    "Run the experiment, or show it if it is complete. Without a configuration file this is the built-in rehearsal: no network, no key.",
  options: [
    SEED,
    CONFIG,
    ["--resume", "continue an experiment that is not complete"],
    ["--retry-missing", "rerun tasks that have no complete pair, after all others"],
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
        "check, without calling a vendor, that the experiment will run; stop at this level",
        { choices: CHECK_LEVELS, preset: "workflow" },
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
    ["run --rehearse", "check that it will run, before you spend money"],
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
} as const satisfies CommandDefinition;
