import { EXPLAINED_FIGURES } from "../../../../reports/report/explained-figures.ts";
import {
  CONFIG_OF_EXPERIMENT,
  DATA_DIR,
  EXPERIMENT,
  JSON_OUTPUT,
  STORE,
} from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const preview = {
  name: "preview",
  about:
    "Show how the experiment is going. It prints outcomes, costs, budgets and anomalies so far.",
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
} as const satisfies CommandDefinition;
