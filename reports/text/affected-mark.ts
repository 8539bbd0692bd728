import { NO_INTERVAL, NOT_AVAILABLE } from "./number-text.ts";

const SHOWN = 3;

/** A text with the numbers of the anomalies that affect it: `0.750 †1,4`. */
export function markAffected(text: string, numbers: readonly number[]): string {
  if (numbers.length === 0) return text;
  const more = numbers.length > SHOWN ? ",…" : "";
  return `${text} †${numbers.slice(0, SHOWN).join(",")}${more}`;
}

/** The same for a figure that may be missing: an anomaly can't affect `n/a`. */
export function markFigure(text: string, numbers: readonly number[]): string {
  const isMissing = text.startsWith(NOT_AVAILABLE) || text === NO_INTERVAL;
  return isMissing ? text : markAffected(text, numbers);
}

/** What the mark means. */
export const AFFECTED_FOOTNOTE =
  "† An anomaly affects this figure; the report's table of anomalies has its number.";

/** The footnote, if any of the lists of anomalies marks a figure. */
export function affectedFootnote(lists: readonly (readonly number[])[]): readonly string[] {
  return lists.some(({ length }) => length > 0) ? [AFFECTED_FOOTNOTE] : [];
}
