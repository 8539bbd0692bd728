const SHOWN = 3;

/** A figure with the mark of the anomalies that touch it, by number: `0.750 †1,4`. */
export function markTouched(text: string, touchedBy: readonly number[]): string {
  if (touchedBy.length === 0) return text;
  const more = touchedBy.length > SHOWN ? ",…" : "";
  return `${text} †${touchedBy.slice(0, SHOWN).join(",")}${more}`;
}

/** What the mark means; nothing where nothing is marked. */
export function touchFootnote(lists: readonly (readonly number[])[]): readonly string[] {
  if (lists.every(({ length }) => length === 0)) return [];
  return ["† An anomaly touches this figure; the number is the one in the table of anomalies."];
}
