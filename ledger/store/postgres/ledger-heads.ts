import type { ClientBase } from "pg";

import { LEDGER_FILES, type LedgerFile } from "../../domain/ledger-file.ts";
import { genesisOf } from "../ledger-header.ts";

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

interface HeadRow {
  readonly file: LedgerFile;
  readonly seq: string;
  readonly h: string;
  readonly recorded_at: string;
  readonly segment: number;
  readonly segment_first_seq: string;
  readonly segment_bytes: string;
}

const COLUMNS = "file, seq, h, recorded_at, segment, segment_first_seq, segment_bytes";

/** The heads of all files that have rows. */
export async function readHeads(client: ClientBase): Promise<ReadonlyMap<LedgerFile, FileHead>> {
  const { rows } = await client.query<HeadRow>(
    `select ${COLUMNS} from counterbalance.ledger_heads where seq > 0`,
  );
  const heads = new Map(rows.map((row) => [row.file, headOf(row)]));
  return new Map(LEDGER_FILES.flatMap((file) => entryOf(file, heads.get(file))));
}

function entryOf(file: LedgerFile, head: FileHead | undefined): [LedgerFile, FileHead][] {
  return head === undefined ? [] : [[file, head]];
}

/** Locks the ends of files until the transaction ends, always in the same order. */
export async function lockHeads(
  client: ClientBase,
  ledgerId: string,
  files: readonly LedgerFile[],
): Promise<Map<LedgerFile, FileHead>> {
  const ordered = LEDGER_FILES.filter((file) => files.includes(file));
  const lock = async () =>
    await client.query<HeadRow>(
      `select ${COLUMNS} from counterbalance.ledger_heads where file = any($1) order by file for update`,
      [ordered],
    );
  let { rows } = await lock();
  if (rows.length < ordered.length) {
    for (const file of ordered.toSorted()) {
      await client.query(
        "insert into counterbalance.ledger_heads values ($1, 0, $2, '', 1, 1, 0) on conflict do nothing",
        [file, genesisOf(ledgerId, file)],
      );
    }
    ({ rows } = await lock());
  }
  return new Map(rows.map((row) => [row.file, headOf(row)]));
}

/** Sets the end of a file that is locked. */
export async function writeHead(
  client: ClientBase,
  file: LedgerFile,
  head: FileHead,
): Promise<void> {
  const { seq, h, recordedAt, segment, segmentFirstSeq, segmentBytes } = head;
  await client.query(
    `update counterbalance.ledger_heads set seq = $2, h = $3, recorded_at = $4, segment = $5,
       segment_first_seq = $6, segment_bytes = $7 where file = $1`,
    [file, seq, h, recordedAt, segment, segmentFirstSeq, segmentBytes],
  );
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
