import type { ReadingPlace, WindowReadings } from "./one-reading.ts";

/** What of a provider window counts now. */
export interface WindowRows extends WindowReadings {
  /** Id of its final row. */
  readonly final: string | undefined;
}

/** The row that has to be undone first. */
export interface UndoRefusal {
  readonly needs: string;
}

/**
 * Invariant 1: nothing is edited, so that an undo goes backwards: a reading that a later row was
 * made from is undone after that row.
 */
export function refuseUndo(id: string, rows: WindowRows): UndoRefusal | undefined {
  const { before, after, final } = rows;
  const isReading = [before, after].some((reading) => isOf(reading, id));
  if (isReading && final !== undefined) return { needs: final };
  if (isOf(before, id) && after !== undefined) return { needs: after.id };
  return undefined;
}

function isOf(reading: ReadingPlace | undefined, id: string): boolean {
  return reading?.id === id;
}
