import type { LedgerFile } from "../domain/ledger-file.ts";
import { hasCode } from "./error-code.ts";
import { LedgerFullError, LedgerWriteError } from "./store-errors.ts";

/** The error for a caller whose rows the disk refused; other errors stay as they are. */
export function explainFailure(file: LedgerFile, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  if (hasCode(error, "ENOSPC", "EDQUOT")) {
    return new LedgerFullError(
      `${file}.jsonl: expected room on the disk for the next rows, got none. Nothing of them was kept, ` +
        `and what was acknowledged before is safe. Make room, then append them again.`,
      { cause: error },
    );
  }
  return new LedgerWriteError(
    `${file}.jsonl: expected the disk to take the next rows, got: ${error.message}. Nothing of them was kept, ` +
      `and what was acknowledged before is safe. Check the disk and the folder's rights, then append them again.`,
    { cause: error },
  );
}
