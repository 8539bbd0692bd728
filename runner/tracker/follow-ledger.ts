import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import { PositionLostError } from "../../ledger/store/store-errors.ts";
import type { LedgerReader, Position, RowsSince } from "../../ledger/store/store.ts";
import { WindowBusyError } from "./tracker-errors.ts";

const TRIES_MAX = 5;

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

/** Repeats a write that was planned on rows which another process has changed since. */
export async function tryAgain<Value>(write: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof WindowBusyError) || tries === TRIES_MAX) throw error;
    }
  }
}
