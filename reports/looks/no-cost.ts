import type { LookCriteria } from "./look.ts";

/** The criterion on cost if costs can't be compared, or before the first look. */
export const NO_COST: LookCriteria["cost"] = {
  point: false,
  fixed: "inconclusive",
  anytime: "inconclusive",
  sign: "inconclusive",
};
