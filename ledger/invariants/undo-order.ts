import type { WindowReadings } from "./one-reading.ts";

/** What of a provider window counts now. */
export interface WindowRows extends WindowReadings {
  /** Its final row, and the hashes of the readings that it was made from. */
  readonly final: { readonly id: string; readonly cites: readonly string[] } | undefined;
}

/** A row that is to be undone. */
export interface RowToUndo {
  readonly id: string;
  /** The order of a reading; undefined for any other row. */
  readonly h: string | undefined;
  /** It gives back the row that it corrects. */
  readonly isCorrection: boolean;
}

/** The row that has to be undone first. */
export interface UndoRefusal {
  readonly needs: string;
}

/**
 * Invariant 1: no row is edited, so undoing goes backwards. A reading is undone after the rows that
 * were made from it.
 */
export function refuseUndo(
  { id, h, isCorrection }: RowToUndo,
  { before, after, final }: WindowRows,
): UndoRefusal | undefined {
  if (final !== undefined && h !== undefined && final.cites.includes(h)) return { needs: final.id };
  const isOnlyBefore = before?.id === id && !isCorrection;
  return isOnlyBefore && after !== undefined ? { needs: after.id } : undefined;
}
