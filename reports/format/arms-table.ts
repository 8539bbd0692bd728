import type { ArmsFit } from "../report/arms-data.ts";
import { pText, ratioText } from "./estimate-text.ts";
import { NOT_AVAILABLE } from "./number-text.ts";
import { markTouched } from "./touch-mark.ts";

export const ARMS_TITLE =
  "All providers in one model of task, period and provider (least squares; intervals fixed-n)";

export const ARMS_HEAD: readonly string[] = [
  "Candidate",
  "Cost ratio",
  "Above 1",
  "Above 2",
  "Above 2, Holm",
];

/** A line a candidate: its ratio, and one-sided tests with and without the adjustment for their number. */
export function armRows(
  { candidates }: ArmsFit,
  escape: (text: string) => string,
): readonly (readonly string[])[] {
  return candidates.map(({ candidate, touched_by, ...line }) => {
    const cells = [
      ratioText(line.cost_ratio),
      pText(line.p_above_1),
      pText(line.p_above_2),
      pText(line.p_above_2_holm),
    ];
    const marked = cells.map((cell) =>
      cell.startsWith(NOT_AVAILABLE) ? cell : markTouched(cell, touched_by),
    );
    return [escape(candidate), ...marked];
  });
}

/** `2 AB, 2 BA`; of more than two providers the rows are longer, and only who came first is said. */
export function ordersText(
  { ab, ba }: { readonly ab: number; readonly ba: number },
  isSeveral: boolean,
): string {
  return isSeveral
    ? `${String(ab)} baseline first, ${String(ba)} candidate first`
    : `${String(ab)} AB, ${String(ba)} BA`;
}

/** Which window of a pair is missing: by period, or of more than two providers by who came first. */
export function missingText(
  {
    missing_period1: first,
    missing_period2: second,
  }: { readonly missing_period1: number; readonly missing_period2: number },
  isSeveral: boolean,
): string {
  return isSeveral
    ? `${String(first)} without the earlier window, ${String(second)} without the later`
    : `${String(first)} without period 1, ${String(second)} without period 2`;
}
