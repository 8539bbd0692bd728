import type { LedgerFile } from "../domain/ledger-file.ts";
import { checkedUpTo, type EarlierCheck, isMuchBetween, unchangedUpTo } from "./checked-bytes.ts";
import type { LedgerFolder } from "./file-system.ts";
import type { JsonlReader } from "./jsonl-reader.ts";
import type { Position } from "./store.ts";

interface Checking {
  /** Computes no hash again that was checked. */
  readonly reader: JsonlReader;
  readonly checked: EarlierCheck | undefined;
}

/**
 * Checks the hash and the place of every row.
 * @throws LedgerDamagedError, LedgerVersionError
 */
export function checkRows(
  place: LedgerFolder,
  files: readonly LedgerFile[],
  { reader, checked }: Checking,
): void {
  const ends = new Map<LedgerFile, Position>();
  let isMuchNew = false;
  for (const file of files) {
    const start = checked && unchangedUpTo(place, file, checked);
    const end = checkRowsFrom(reader, file, start);
    reader.trust(file, end);
    ends.set(file, end);
    isMuchNew ||= isMuchBetween(start, end);
  }
  if (!isMuchNew || checked === undefined) return;
  checked.remember([...ends].flatMap(([file, end]) => checkedUpTo(place, file, end)));
}

/** Checks the rows of one file behind a position, and returns its end. */
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
