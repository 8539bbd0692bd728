import type { ClientBase } from "pg";

import { LEDGER_FILES, type LedgerFile } from "../../domain/ledger-file.ts";
import type { SeenHeads } from "./seen-heads.ts";

/** The end of a file, as `ledger_heads` has it. */
export interface FileHead {
  readonly seq: number;
  readonly h: string;
  /** Time of the last row; "" if there is none. */
  readonly recordedAt: string;
  /** The segment that the next row belongs to. */
  readonly segment: number;
  readonly segmentFirstSeq: number;
  readonly segmentBytes: number;
}

/** Large numbers come as text in a row of their own, and as numbers in JSON. */
interface HeadRow {
  readonly file: LedgerFile;
  readonly seq: string | number;
  readonly h: string;
  readonly recorded_at: string;
  readonly segment: number;
  readonly segment_first_seq: string | number;
  readonly segment_bytes: string | number;
}

/** What the database answers when it has locked the ends of files. */
export interface LockedAnswer {
  readonly now_ms: number;
  readonly heads: readonly HeadRow[] | null;
}

/** The heads of all files that have rows. */
export async function readHeads(client: ClientBase): Promise<ReadonlyMap<LedgerFile, FileHead>> {
  const { rows } = await client.query<HeadRow>(
    `select file, seq, h, recorded_at, segment, segment_first_seq, segment_bytes
     from counterbalance.ledger_heads where seq > 0`,
  );
  const heads = new Map(rows.map((row) => [row.file, headOf(row)]));
  return new Map(LEDGER_FILES.flatMap((file) => entryOf(file, heads.get(file))));
}

function entryOf(file: LedgerFile, head: FileHead | undefined): [LedgerFile, FileHead][] {
  return head === undefined ? [] : [[file, head]];
}

/** The ends of files, locked until the transaction ends, and the time of the database since then. */
export interface LockedHeads {
  readonly heads: Map<LedgerFile, FileHead>;
  readonly nowMs: number;
}

/**
 * Locks the ends of files, always in the same order.
 * @throws DatabaseError if the database lacks a row that was seen.
 */
export async function lockHeads(
  client: ClientBase,
  files: readonly LedgerFile[],
  seen: SeenHeads,
): Promise<LockedHeads> {
  const { rows } = await client.query<{ locked: LockedAnswer }>(
    "select counterbalance.lock_heads($1, $2) as locked",
    [files, JSON.stringify(seen)],
  );
  return lockedIn(rows[0]?.locked);
}

export function lockedIn(answer: LockedAnswer | undefined): LockedHeads {
  const heads = new Map((answer?.heads ?? []).map((row) => [row.file, headOf(row)]));
  return { heads, nowMs: answer?.now_ms ?? Number.NaN };
}

function headOf(row: HeadRow): FileHead {
  return {
    seq: Number(row.seq),
    h: row.h,
    recordedAt: row.recorded_at,
    segment: row.segment,
    segmentFirstSeq: Number(row.segment_first_seq),
    segmentBytes: Number(row.segment_bytes),
  };
}
