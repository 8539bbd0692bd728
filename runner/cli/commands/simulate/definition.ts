import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { JSON_OUTPUT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const simulate = {
  name: "simulate",
  about:
    "Check the statistics on simulated experiments. Their true values are known, so the command shows whether intervals and gates keep their promises.",
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
} as const satisfies CommandDefinition;
