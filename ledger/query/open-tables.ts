import type { DuckDBConnection } from "@duckdb/node-api";

import { LEDGER_FILES } from "../domain/ledger-file.ts";
import { SEGMENT_END } from "../store/envelope.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { activePath, listSegments, sealedPath } from "../store/segments.ts";
import { LedgerDamagedError } from "../store/store-errors.ts";
import { type Columns, knownColumns } from "./known-columns.ts";
import { loadDuckdb } from "./load-duckdb.ts";
import { type OtherRows, sayOthers } from "./other-rows.ts";

const THREADS = "2";
const MEMORY = "1GB";
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

/** Opens the tables in memory. Whatever DuckDB is told then, it can reach no file but the ledger's. */
export async function openTables(
  place: LedgerFolder,
  options: { readonly alsoWritesTo?: string } = {},
): Promise<LedgerTables> {
  const { DuckDBInstance } = await loadDuckdb();
  const instance = await DuckDBInstance.create(":memory:", {
    threads: THREADS,
    memory_limit: MEMORY,
    // By default it would spill into the current folder.
    temp_directory: "",
  });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    const lines = linesOf(segmentPaths(place));
    const { records, others } = await createViews(connection, lines);
    await createEnded(connection, lines);
    await confine(connection, [
      place.folder,
      ...(options.alsoWritesTo === undefined ? [] : [options.alsoWritesTo]),
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

function segmentPaths(place: LedgerFolder): readonly string[] {
  const { fileSystem, folder } = place;
  return LEDGER_FILES.flatMap((file) => {
    const { sealed } = listSegments(place, file);
    const paths = sealed.map((number) => sealedPath(folder, file, number));
    return [...paths, activePath(folder, file)].filter(
      (each) => (fileSystem.stateAt(each)?.size ?? 0) > 0,
    );
  });
}

/** The lines of the files as a table of DuckDB, without those of no file. */
function linesOf(paths: readonly string[]): string {
  if (paths.length === 0) return "(SELECT '{}'::JSON AS json, '' AS filename WHERE false)";
  const list = paths.map((each) => quoteText(escapeGlob(each))).join(", ");
  // DuckDB returns null for a line that it cannot parse, and our own words report it.
  return `read_ndjson_objects([${list}], ignore_errors = true, filename = true)`;
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
): Promise<Pick<LedgerTables, "records" | "others">> {
  const known = knownColumns();
  const found = await findRecords(connection, lines, [...known.keys()]);
  const records = new Map<string, number>();
  const nameless: string[] = [];
  for (const record of new Set([...known.keys(), ...[...found.keys()].toSorted()])) {
    const { columns = {}, rows = 0 } = found.get(record) ?? {};
    if (!canBeNamed(record, [...records.keys(), ENDED_VIEW])) {
      nameless.push(
        `${rows} row(s) are of ${JSON.stringify(record)}, after which no view can be named: they are in none`,
      );
      continue;
    }
    const structure = JSON.stringify(joinColumns(known.get(record) ?? {}, columns));
    await connection.run(
      `CREATE VIEW ${quoteName(record)} AS SELECT unnest(json_transform(json, ${quoteText(structure)}))
       FROM ${lines} WHERE json->>'record' = ${quoteText(record)}`,
    );
    records.set(record, rows);
  }
  const others = sayOthers([...found].map(([name, { others: each }]) => [name, each]));
  return { records, others: [...others, ...nameless] };
}

/** SQL tells names apart without regard to case, and has none without characters. */
function canBeNamed(record: string, taken: readonly string[]): boolean {
  return record !== "" && !taken.some((name) => name.toLowerCase() === record.toLowerCase());
}

interface FoundRecord {
  readonly columns: Columns;
  readonly rows: number;
  readonly others: OtherRows | undefined;
}

/** The envelope and the payload have each a version of their own; of the payload's only the major counts. */
const HAS_OTHER_VERSION = `coalesce(json->>'_v', '') <> '1' OR split_part(coalesce(json->>'schema_version', ''), '.', 1) <> '1'`;

/** The records that have rows, and the columns of these. */
async function findRecords(
  connection: DuckDBConnection,
  lines: string,
  known: readonly string[],
): Promise<ReadonlyMap<string, FoundRecord>> {
  const isOther = `(${HAS_OTHER_VERSION} OR (json->>'record') NOT IN (${known.map(quoteText).join(", ")}))`;
  const read = await connection.runAndReadAll(
    `SELECT json->>'record' AS record, json_group_structure(json)::VARCHAR AS structure, count(*)::INTEGER AS n,
       count(*) FILTER (WHERE ${isOther})::INTEGER AS others,
       to_json(first({file: parse_filename(filename), seq: (json->>'seq')::BIGINT, envelope: json->>'_v', schema: json->>'schema_version'}
         ORDER BY filename, (json->>'seq')::BIGINT) FILTER (WHERE ${isOther}))::VARCHAR AS first
     FROM ${lines} GROUP BY 1`,
  );
  const found = new Map<string, FoundRecord>();
  for (const [record, structure, rows, others, first] of read.getRowsJS()) {
    if (record === null) throw unreadable(Number(rows));
    if (typeof record !== "string" || typeof structure !== "string") continue;
    if (record !== SEGMENT_END)
      found.set(record, {
        columns: JSON.parse(structure),
        rows: Number(rows),
        others:
          typeof first === "string"
            ? { rows: Number(others), first: JSON.parse(first) }
            : undefined,
      });
  }
  return found;
}

function unreadable(lines: number): LedgerDamagedError {
  return new LedgerDamagedError(
    `expected every line of the ledger to be a row, got ${String(lines)} that can't be parsed. Nothing was changed. ` +
      `"experiment ledger verify --full" says where; where another process is writing just now, try again.`,
  );
}

/** What rows hold is told by the rows; of a field that is null in all of them, by the schema. */
function joinColumns(known: Columns, found: Columns): Columns {
  const told = Object.entries(found).filter(
    ([name, type]) => name !== "" && (type !== "NULL" || known[name] === undefined),
  );
  return { ...known, ...Object.fromEntries(told) };
}

function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[]/g, "[$&]");
}

async function confine(connection: DuckDBConnection, folders: readonly string[]): Promise<void> {
  const list = folders.map((folder) => quoteText(`${folder}/`)).join(", ");
  await connection.run(`SET allowed_directories = [${list}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}
