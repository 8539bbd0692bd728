import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import { PositionLostError } from "../../ledger/store/store-errors.ts";
import type { LedgerReader, Position, RowsSince } from "../../ledger/store/store.ts";

/** The rows of a file after a position; all of them where the position is lost. */
export function readSince(
  ledger: LedgerReader,
  file: LedgerFile,
  position: Position | undefined,
): RowsSince {
  try {
    return ledger.readFrom(file, position);
  } catch (error) {
    // Rows that were taken in before make no difference when they are taken in again.
    if (error instanceof PositionLostError) return ledger.readFrom(file);
    throw error;
  }
}
