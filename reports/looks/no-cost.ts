import type { LookCriteria } from "./look.ts";

/** The criterion on cost if costs can't be compared or are lower bounds, or before the first look. */
export const NO_COST: LookCriteria["cost"] = {
  point: false,
  fixed: "inconclusive",
  anytime: "inconclusive",
  sign: "inconclusive",
};

/** A ratio of lower bounds can be too small or too large: nothing is decided about cost. */
export function withKnownCost<Criteria extends Pick<LookCriteria, "cost">>(
  criteria: Criteria,
  hasLowerBound: boolean,
): Criteria {
  return hasLowerBound ? { ...criteria, cost: NO_COST } : criteria;
}
