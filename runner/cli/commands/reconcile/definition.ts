import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { AGENT, ONE_EXPERIMENT } from "../../common-options.ts";
import type { CommandDefinition } from "../../definition.ts";

export const reconcile = {
  name: "reconcile",
  about:
    "Show what every source says about a window's tokens, side by side. A difference is a share of the larger count. A source is divergent if it differs by more than 10 %, in all tokens or in a class that matters to the cost. Both counts are shown. This works for manual windows and for windows of run.",
  options: [["--window <window>", "only this window (default: all)"], ONE_EXPERIMENT, ...AGENT],
  examples: [["reconcile --window W0-07", "every source of one window"]],
  exits: { [EXIT.done]: "all sources agree", [EXIT.failed]: "a source is divergent" },
} as const satisfies CommandDefinition;
