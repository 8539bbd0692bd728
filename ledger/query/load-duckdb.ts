import type * as Api from "@duckdb/node-api";

import { UsageError } from "../domain/errors.ts";

const PACKAGE = "@duckdb/node-api";

export type Duckdb = typeof Api;

/**
 * Loads DuckDB on demand: it is an optional dependency of 70 MB, which most ledgers never need.
 * @throws DuckdbMissingError with the line that installs it.
 */
export async function loadDuckdb(
  load: () => Promise<Duckdb> = async () => await import("@duckdb/node-api"),
): Promise<Duckdb> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
    throw new DuckdbMissingError(
      `${PACKAGE}: expected this optional package for tables and Parquet, got: ${reason}. ` +
        `Install it with this program: npm install ${PACKAGE}. "ledger export --to csv" does without.`,
      { cause: error },
    );
  }
}

/** The optional package that reads the ledger as tables is not installed. */
export class DuckdbMissingError extends UsageError {}

/** A query that can't be answered. */
export class QueryError extends UsageError {}
