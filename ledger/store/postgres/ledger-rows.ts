import type { ClientBase } from "pg";

import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { Row } from "../../domain/row.ts";

/** A row as `ledger_rows` has it. */
export interface StoredLine {
  readonly seq: number;
  readonly segment: number;
  /** Without newline. */
  readonly line: string;
}

/** A row that is about to be inserted. */
export interface NewLine extends StoredLine {
  readonly row: Row;
}

/** A longer name can't be in an index of the database. The line has it. */
const NAME_CHARS_MAX = 256;

/** For rows of a ledger that is imported as it is. The columns are in the order of the values below. */
export async function insertRows(
  client: ClientBase,
  file: LedgerFile,
  lines: readonly NewLine[],
): Promise<void> {
  await client.query(
    `insert into counterbalance.ledger_rows
       (file, seq, segment, id, record, experiment_id, window_name, supersedes, line)
     select $1, * from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])`,
    [
      file,
      lines.map(({ seq }) => seq),
      lines.map(({ segment }) => segment),
      lines.map(({ row }) => columnText(row.id)),
      lines.map(({ row }) => columnText(row.record)),
      lines.map(({ row }) => nameIn(row["experiment_id"])),
      lines.map(({ row }) => nameIn(row["window"])),
      lines.map(({ row }) => nameIn(row["supersedes"])),
      lines.map(({ line }) => line),
    ],
  );
}

function nameIn(value: unknown): string | null {
  return typeof value === "string" && value.length <= NAME_CHARS_MAX ? columnText(value) : null;
}

/** A text as it is in the columns next to the line: as in JSON, because PostgreSQL takes no zero character. */
export function columnText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const ROWS_A_QUERY = 2_000;
/** What one query may bring into memory, and one row more. */
const BYTES_A_QUERY = 8 * 1_048_576;

/** The rows of a file after a number and up to another, in portions that fit in memory. */
export async function* readLines(
  client: ClientBase,
  file: LedgerFile,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): AsyncGenerator<readonly StoredLine[]> {
  for (let seq = after; seq < upTo;) {
    // The range is bounded, because without statistics the database may sort all of it.
    const { rows } = await client.query<{ seq: string; segment: number; line: string }>(
      `select seq, segment, line from (
         select seq, segment, line, sum(octet_length(line)) over (order by seq) as bytes
         from counterbalance.ledger_rows where file = $1 and seq > $2 and seq <= $3
       ) as sized where bytes - octet_length(line) < $4 order by seq`,
      [file, seq, Math.min(upTo, seq + ROWS_A_QUERY), BYTES_A_QUERY],
    );
    const lines = rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    if (lines.length > 0) yield lines;
    seq = lines.at(-1)?.seq ?? (await firstBehind(client, file, seq)) - 1;
  }
}

/** The number of the first row after a gap that should not exist. */
async function firstBehind(client: ClientBase, file: LedgerFile, seq: number): Promise<number> {
  const { rows } = await client.query<{ next: string | null }>(
    "select min(seq) as next from counterbalance.ledger_rows where file = $1 and seq > $2",
    [file, seq],
  );
  return Number(rows[0]?.next ?? Infinity);
}
