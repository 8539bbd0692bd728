import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { DuckDBConnection } from "@duckdb/node-api";

import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import { RECORD_SCHEMAS } from "../domain/validate-row.ts";
import { copyToFile } from "../store/copy-bytes.ts";
import { SEGMENT_END } from "../store/envelope.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { lastRowIn } from "../store/last-row.ts";
import { LINE_BYTES_MAX } from "../store/line-cursor.ts";
import { activePath, listSegments, sealedPath, withSegment } from "../store/segments.ts";
import { LedgerDamagedError } from "../store/store-errors.ts";
import { isSupported } from "../views/read-fact.ts";
import { type Columns, envelopeColumns, knownColumns } from "./known-columns.ts";
import { loadDuckdb } from "./load-duckdb.ts";
import { type OtherRows, sayOthers } from "./other-rows.ts";

/** Each thread holds buffers and groups of rows of its own: two take up to 600 MiB, and save little time. */
const THREADS = "1";
/** Queries that need more spill to the disk. Node and the verification before take 150 MiB. */
const MEMORY = "320MB";
/** So that `WHERE id NOT IN (FROM counts_no_more)` reads as what it does. */
export const ENDED_VIEW = "counts_no_more";

/** A ledger's records as views of DuckDB, one a record, which reads the ledger's own files. */
export interface LedgerTables {
  readonly connection: DuckDBConnection;
  /** The records that the ledger holds or could hold, and how many rows of each. */
  readonly records: ReadonlyMap<string, number>;
  /** Rows that another version wrote, a sentence for each record. */
  readonly others: readonly string[];
  readonly close: () => void;
}

export interface TableOptions {
  /** A folder that an export may write to. */
  readonly alsoWritesTo?: string;
  /** The query, if there is one: only the records that it names are asked for their columns. */
  readonly sql?: string;
}

/** Opens the tables in memory. From then on DuckDB can reach no file but the ledger's. */
export async function openTables(
  place: LedgerFolder,
  { alsoWritesTo, sql }: TableOptions,
): Promise<LedgerTables> {
  const { DuckDBInstance } = await loadDuckdb();
  // By default it would spill into the current folder.
  const spill = mkdtempSync(path.join(tmpdir(), "counterbalance-query-"));
  const copies = path.join(spill, "rows");
  mkdirSync(copies);
  const instance = await DuckDBInstance.create(":memory:", {
    threads: THREADS,
    memory_limit: MEMORY,
    temp_directory: spill,
  });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
    rmSync(spill, { recursive: true, force: true });
  };
  try {
    const lines = linesOf(segmentPaths(place, copies));
    const { records, others } = await createViews(connection, lines, sql?.toLowerCase());
    await createEnded(connection, lines);
    await confine(connection, [
      place.folder,
      copies,
      ...(alsoWritesTo === undefined ? [] : [alsoWritesTo]),
    ]);
    return { connection, records, others, close };
  } catch (error) {
    close();
    throw error;
  }
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** @param copies - A folder for complete rows of files that end in a torn write. */
function segmentPaths(place: LedgerFolder, copies: string): readonly string[] {
  const { fileSystem, folder } = place;
  return LEDGER_FILES.flatMap((file) => {
    const { sealed } = listSegments(place, file);
    const paths = sealed.map((number) => sealedPath(folder, file, number));
    return [...paths, completePart(place, file, copies)].filter(
      (each) => (fileSystem.stateAt(each)?.size ?? 0) > 0,
    );
  });
}

function completePart(place: LedgerFolder, file: LedgerFile, copies: string): string {
  const { fileSystem, folder } = place;
  const { active: segment, activeInode } = listSegments(place, file);
  const copy = withSegment(place, { file, segment, activeInode }, (fd) => {
    const { size } = fileSystem.stateOf(fd);
    const to = lastRowIn(fileSystem, { fd, from: 0, to: size })?.end ?? 0;
    return to === size
      ? undefined
      : copyToFile(fileSystem, { fd, from: 0, to }, activePath(copies, file));
  });
  return copy ?? activePath(folder, file);
}

/** The lines of the files as a table of DuckDB, without those of no file. */
function linesOf(paths: readonly string[]): string {
  if (paths.length === 0) return "(SELECT '{}'::JSON AS json, '' AS filename WHERE false)";
  const list = paths.map((each) => quoteText(escapeGlob(each))).join(", ");
  // DuckDB returns null for a line that it cannot parse, and our own words report it.
  return `read_ndjson_objects([${list}], ignore_errors = true, filename = true, maximum_object_size = ${LINE_BYTES_MAX})`;
}

/**
 * A view of the ids of rows that were undone, or corrected by a row that was not: as the views of
 * `ledger/views` see it, but for an undo that was undone itself, which no command makes.
 */
async function createEnded(connection: DuckDBConnection, lines: string): Promise<void> {
  await connection.run(
    `CREATE VIEW ${ENDED_VIEW} AS
     WITH undone AS (SELECT undoes AS id FROM row_undone WHERE undoes IS NOT NULL)
     FROM undone UNION
     SELECT json->>'supersedes' FROM ${lines}
     WHERE (json->>'supersedes') IS NOT NULL AND (json->>'id') NOT IN (FROM undone)`,
  );
}

/** Every view has the fields that its schema names and those that its own rows have, known to this program or not. */
async function createViews(
  connection: DuckDBConnection,
  lines: string,
  sql: string | undefined,
): Promise<Pick<LedgerTables, "records" | "others">> {
  const known = knownColumns();
  const envelope = envelopeColumns();
  const found = await findRecords(connection, lines);
  const asked = [...found.keys()].filter(
    (record) => canBeNamed(record, []) && (sql?.includes(record.toLowerCase()) ?? true),
  );
  const columnsOf = await findColumns(connection, found, asked);
  const records = new Map<string, number>();
  const nameless: string[] = [];
  for (const record of new Set([...known.keys(), ...[...found.keys()].toSorted()])) {
    const { rows = 0, files = [] } = found.get(record) ?? {};
    if (!canBeNamed(record, [...records.keys(), ENDED_VIEW])) {
      nameless.push(
        `${rows} row(s) are of ${JSON.stringify(record)}, after which no view can be named: they are in none`,
      );
      continue;
    }
    const structure = JSON.stringify(
      joinColumns(known.get(record) ?? envelope, columnsOf.get(record) ?? {}),
    );
    await connection.run(
      `CREATE VIEW ${quoteName(record)} AS SELECT unnest(json_transform(json, ${quoteText(structure)}))
       FROM ${linesOf(files)} WHERE json->>'record' = ${quoteText(record)}`,
    );
    records.set(record, rows);
  }
  const others = sayOthers([...found].map(([name, { others: each }]) => [name, each]));
  return { records, others: [...others, ...nameless] };
}

/** SQL ignores case in names. No name may be empty or hold a zero character. */
function canBeNamed(record: string, taken: readonly string[]): boolean {
  const isWritable = record !== "" && !record.includes("\0");
  return isWritable && !taken.some((name) => name.toLowerCase() === record.toLowerCase());
}

interface FoundRecord {
  /** The paths of the files with such rows. */
  readonly files: readonly string[];
  readonly rows: number;
  readonly others: OtherRows | undefined;
}

/** The records that have rows, and how many. Each row is parsed once, which keeps DuckDB's memory small. */
async function findRecords(
  connection: DuckDBConnection,
  lines: string,
): Promise<ReadonlyMap<string, FoundRecord>> {
  const fields = `{"record": "VARCHAR", "_v": "VARCHAR", "schema_version": "VARCHAR", "seq": "BIGINT"}`;
  const read = await connection.runAndReadAll(
    `SELECT row.record, filename, row._v, row.schema_version, count(*)::INTEGER, min(row.seq)::DOUBLE
     FROM (SELECT filename, json_transform(json, '${fields}') AS row FROM ${lines})
     GROUP BY ALL ORDER BY filename, min(row.seq)`,
  );
  const found = new Map<string, FoundRecord>();
  for (const [record, ...group] of read.getRowsJS()) {
    if (record === null) throw unreadable(Number(group[3]));
    if (typeof record !== "string" || record === SEGMENT_END) continue;
    found.set(record, addGroup(record, found.get(record), group));
  }
  return found;
}

/** A record with rows of one more file or version. */
function addGroup(
  record: string,
  { files, rows, others }: FoundRecord = { files: [], rows: 0, others: undefined },
  [file, envelope, schema, count, seq]: readonly unknown[],
): FoundRecord {
  const all = { files: [...new Set([...files, textOf(file)])], rows: rows + Number(count) };
  const isOwn = envelope === "1" && isSupported({ schema_version: schema });
  if (isOwn && RECORD_SCHEMAS.has(record)) return { ...all, others };
  const place = { file: path.basename(textOf(file)), seq: Number(seq) };
  const first = others?.first ?? {
    ...place,
    envelope: envelope === null ? null : textOf(envelope),
    schema: schema === null ? null : textOf(schema),
  };
  return { ...all, others: { rows: (others?.rows ?? 0) + Number(count), first } };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * The columns of records, as their rows have them. DuckDB keeps every row that it derives one
 * structure from in memory, so that it gets one row of each structure.
 */
async function findColumns(
  connection: DuckDBConnection,
  found: ReadonlyMap<string, FoundRecord>,
  records: readonly string[],
): Promise<ReadonlyMap<string, Columns>> {
  const columns = new Map<string, Columns>();
  for (const record of records) {
    const read = await connection.runAndReadAll(
      `SELECT json_group_structure(json)::VARCHAR FROM (
         SELECT any_value(json) AS json FROM ${linesOf(found.get(record)?.files ?? [])}
         WHERE json->>'record' = ${quoteText(record)} GROUP BY json_structure(json))`,
    );
    columns.set(record, JSON.parse(textOf(read.getRowsJS()[0]?.[0])));
  }
  return columns;
}

function unreadable(lines: number): LedgerDamagedError {
  return new LedgerDamagedError(
    `expected every line of the ledger to be a row, got ${String(lines)} that can't be parsed. Nothing was changed. ` +
      `"experiment ledger verify --full" says where; where another process is writing just now, try again.`,
  );
}

/** The rows show the types of their values; for a field that is null in all of them, the schema does. */
function joinColumns(known: Columns, found: Columns): Columns {
  const told = Object.entries(found).filter(
    ([name, type]) => name !== "" && (type !== "NULL" || known[name] === undefined),
  );
  return { ...known, ...Object.fromEntries(told) };
}

function escapeGlob(file: string): string {
  return file.replaceAll(/[*?[]/g, "[$&]");
}

async function confine(connection: DuckDBConnection, folders: readonly string[]): Promise<void> {
  const list = folders.map((folder) => quoteText(`${folder}/`)).join(", ");
  await connection.run(`SET allowed_directories = [${list}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}
