import { types } from "node:util";

import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";

import type { LedgerFolder } from "../store/file-system.ts";
import { QueryError, loadDuckdb } from "./load-duckdb.ts";
import { ENDED_VIEW, openTables } from "./open-tables.ts";

/** What a query is answered with. */
export interface QueryAnswer {
  readonly columns: readonly string[];
  /** Values as JSON knows them; whole numbers too large for it are text. */
  readonly rows: readonly (readonly unknown[])[];
  /** Whether there are more rows than were asked for. */
  readonly isCut: boolean;
  /** What the views hold that another version wrote, a sentence for each record. */
  readonly others: readonly string[];
}

/**
 * Answers one SELECT over views named as the records. Nothing can be written by it.
 * @throws QueryError with DuckDB's own words; DuckdbMissingError.
 */
export async function queryLedger(
  place: LedgerFolder,
  query: { readonly sql: string; readonly rowsMax: number },
): Promise<QueryAnswer> {
  const { connection, records, others, close } = await openTables(place, query);
  try {
    const statement = await prepareSelect(connection, query.sql);
    const read = await statement.streamAndReadUntil(query.rowsMax + 1);
    const rows = read.getRowsJS().slice(0, query.rowsMax);
    return {
      columns: read.deduplicatedColumnNames(),
      rows: rows.map((row) => row.map(toJson)),
      isCut: read.currentRowCount > query.rowsMax,
      others,
    };
  } catch (error) {
    if (error instanceof QueryError || !(error instanceof Error)) throw error;
    throw new QueryError(
      `ledger query: expected a SELECT that DuckDB can answer, got: ${error.message.trim()}\n` +
        `The views are: ${[...records.keys(), ENDED_VIEW].join(", ")}. ` +
        `Put quotes around a column whose name is a keyword of SQL: "window".`,
      { cause: error },
    );
  } finally {
    close();
  }
}

/** COPY and its like could write into the ledger's folder, which is open for reading. */
async function prepareSelect(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  const { StatementType } = await loadDuckdb();
  // DuckDB has no error message for an empty query.
  const statements = /[^\s;]/u.test(sql) ? await connection.extractStatements(sql) : undefined;
  const [statement] = statements?.count === 1 ? [await statements.prepare(0)] : [];
  if (statement?.statementType === StatementType.SELECT) return statement;
  const count = statements?.count ?? 0;
  const got = statement === undefined ? `${count} statements` : "another statement";
  throw new QueryError(
    `ledger query: expected one SELECT, got ${got}. The ledger is only read here.`,
  );
}

function toJson(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (types.isDate(value)) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
  }
  return value;
}
