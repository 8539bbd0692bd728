import type { DecisionMade } from "../../ledger/domain/decision.ts";

/** A verdict as people read it. */
export type ShownVerdict = "expand" | "stay lean" | "halted";

/** The row's verdicts as people read them. */
export const SHOWN: Readonly<Record<DecisionMade["verdict"], ShownVerdict>> = {
  expand: "expand",
  hold: "stay lean",
  stop: "halted",
};
