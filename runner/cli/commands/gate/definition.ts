import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { DATA_DIR, EXPERIMENT, JSON_OUTPUT, POLICY, STORE } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const gate = {
  name: "gate",
  about:
    "Decide whether to add one seat, and say why. Only exit code 0 means expand, so that a script can rely on it.",
  options: [
    EXPERIMENT,
    ["--config <file>", "the configuration that names a gate file"],
    ["--gates <file>", "also show the answer of these thresholds, which are not registered"],
    [
      "--policy <policy>",
      "also show the answer of this policy, which is not registered",
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
} as const satisfies CommandDefinition;
