import type { LedgerFile } from "../domain/ledger-file.ts";
import { PositionLostError } from "./store-errors.ts";
import type { LedgerReader, Position, RowsSince } from "./store.ts";

/** The rows of a file after a position; all of them if the position is lost. */
export function readSince(
  ledger: LedgerReader,
  file: LedgerFile,
  position: Position | undefined,
): RowsSince {
  try {
    return ledger.readFrom(file, position);
  } catch (error) {
    // A second reading of the same row changes nothing.
    if (error instanceof PositionLostError) return ledger.readFrom(file);
    throw error;
  }
}
