import {
  AGAINST_ITSELF,
  CONFIG,
  DATA_DIR,
  EXTEND,
  JSON_OUTPUT,
  SEED,
  SHOWN_BUDGETS,
  STORE,
  WORKSPACE_ROOT,
} from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

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
} as const satisfies CommandDefinition;
