import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import type { FileRows } from "./switchboard.ts";

/** A row of a worker's own ledger carries the hash that it had there. */
export const HASH_THERE = "_hash_there";

/**
 * Appends the rows of a worker's own ledger to the shared one, in which they get other hashes. A window's
 * final row cites its snapshots by their hash, so the snapshots come first and the citations follow.
 */
export async function citeAnew(
  all: readonly FileRows[],
  append: (file: LedgerFile, rows: readonly NewRow[]) => Promise<readonly Row[]>,
): Promise<void> {
  const hashes = new Map<string, string>();
  const ordered = [...all.filter(isSnapshots), ...all.filter((one) => !isSnapshots(one))];
  for (const { file, rows } of ordered) {
    const written = await append(
      file,
      rows.map(withoutHash).map((row) => cite(row, hashes)),
    );
    for (const [index, { h }] of written.entries()) {
      const there = rows[index]?.[HASH_THERE];
      if (typeof there === "string") hashes.set(there, h);
    }
  }
}

function isSnapshots({ file }: FileRows): boolean {
  return file === "snapshots";
}

function withoutHash(row: NewRow): NewRow {
  const { record, ...fields } = row;
  const kept = Object.entries(fields).filter(([key]) => key !== HASH_THERE);
  return { record, ...Object.fromEntries(kept) };
}

function cite(row: NewRow, hashes: ReadonlyMap<string, string>): NewRow {
  const cited = row["snapshots"];
  if (!Array.isArray(cited)) return row;
  return { ...row, snapshots: cited.map((h: unknown) => hashes.get(String(h)) ?? h) };
}
