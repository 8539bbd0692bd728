/** The order in which a feature met baseline A and candidate B. */
export type Sequence = "AB" | "BA";

/** +1 where A ran in period 1, −1 where B did. */
export function sequenceSign(sequence: Sequence): 1 | -1 {
  return sequence === "AB" ? 1 : -1;
}
