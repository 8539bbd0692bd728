import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";
import { isSupported } from "../views/read-fact.ts";

/** Rows of one record that another version wrote: what they mean is not known to this one. */
export interface OtherRows {
  readonly rows: number;
  readonly first: {
    /** The name of the file. */
    readonly file: string;
    readonly seq: number;
    /** The envelope's version and the payload's; null if the row has none. */
    readonly envelope: string | null;
    readonly schema: string | null;
  };
}

/** With one row more, where it is such a row. */
export function addOther(
  others: OtherRows | undefined,
  row: Partial<Row>,
  file: LedgerFile,
): OtherRows | undefined {
  const { record = "", seq = 0, _v, schema_version: schema = null } = row;
  if (isSupported(row) && RECORD_SCHEMAS.has(record)) return others;
  const envelope = _v === undefined ? null : String(_v);
  const first = others?.first ?? { file: `${file}.jsonl`, seq, envelope, schema };
  return { rows: (others?.rows ?? 0) + 1, first };
}

/** A sentence for each record, without its end. */
export function sayOthers(
  others: Iterable<readonly [record: string, others: OtherRows | undefined]>,
): readonly string[] {
  return [...others].flatMap(([record, each]) => (each === undefined ? [] : say(record, each)));
}

function say(record: string, { rows, first }: OtherRows): string {
  const what = RECORD_SCHEMAS.has(record)
    ? `of ${record} have another version`
    : `are of ${record}, a record of another version`;
  const versions = `envelope ${first.envelope ?? "none"}, schema ${first.schema ?? "none"}`;
  return `${rows} row(s) ${what}, the first is ${first.file}, seq ${first.seq} (${versions})`;
}
