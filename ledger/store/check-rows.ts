import type { LedgerFile } from "../domain/ledger-file.ts";
import type { JsonlReader } from "./jsonl-reader.ts";
import type { Position } from "./store.ts";

/**
 * Checks the hash and the place of every row. The reader then computes no hash again that was checked.
 * @throws LedgerDamagedError, LedgerVersionError
 */
export function checkRows(reader: JsonlReader, files: readonly LedgerFile[]): void {
  for (const file of files) reader.trust(file, checkRowsFrom(reader, file, undefined));
}

/** Checks the rows of one file after a position, and returns its end. */
export function checkRowsFrom(
  reader: JsonlReader,
  file: LedgerFile,
  start: Position | undefined,
): Position {
  const { rows, end } = reader.readFrom(file, start, isOwnVersion);
  // Only a row of another version is not taken, and the reader refuses it.
  for (const row of rows) throw new Error(`Row ${row.seq} of ${file} was not checked.`);
  return end;
}

function isOwnVersion(line: string): boolean {
  return line.startsWith('{"_v":1,');
}
