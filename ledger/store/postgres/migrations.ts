import { type ClientBase, DatabaseError } from "pg";

import { UsageError } from "../../domain/errors.ts";
import { prepareRoles } from "./roles.ts";
import { BUDGETS } from "./schema/budgets.ts";
import { CHECKED_ROWS } from "./schema/checked-rows.ts";
import { CLAIMS } from "./schema/claims.ts";
import { BUNDLE_TABLES, CLUSTER_TABLES, LEDGER_TABLES } from "./schema/tables.ts";

/** The database was prepared by another version of this program. */
class SchemaVersionError extends UsageError {}

/** A ledger can't be kept in the database as it is. */
class UnfitDatabaseError extends UsageError {}

/** Any number that no other program on the database uses for the same. */
const MIGRATION_LOCK = 7_204_118;
const INSUFFICIENT_PRIVILEGE = "42501";

/** What each version of the schema adds. A version that was released never changes. */
const MIGRATIONS: readonly string[] = [
  LEDGER_TABLES,
  CLUSTER_TABLES,
  BUNDLE_TABLES,
  CHECKED_ROWS + CLAIMS + BUDGETS,
];
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the database to this version's schema, one process at a time.
 * @throws SchemaVersionError if a later version of the program has been here.
 */
export async function migrate(client: ClientBase, makeLedgerId: () => string): Promise<void> {
  await client.query("begin");
  try {
    await client.query("select pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await refuseEncoding(client);
    await client.query("create schema if not exists counterbalance");
    await client.query(
      "create table if not exists counterbalance.schema_version (version integer primary key, applied_at timestamptz not null default now())",
    );
    const version = await versionIn(client);
    refuseLater(version);
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < version) continue;
      await client.query(sql);
      await client.query("insert into counterbalance.schema_version (version) values ($1)", [
        index + 1,
      ]);
    }
    await client.query(
      "insert into counterbalance.ledger (ledger_id) values ($1) on conflict do nothing",
      [makeLedgerId()],
    );
    await prepareRoles(client);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw await explainRights(client, error);
  }
}

/** Only the owner of the tables brings them up to date. */
async function explainRights(client: ClientBase, error: unknown): Promise<unknown> {
  const isRefused = error instanceof DatabaseError && error.code === INSUFFICIENT_PRIVILEGE;
  if (!isRefused || !(await hasSchema(client))) return error;
  return earlier(await versionIn(client));
}

function earlier(version: number): SchemaVersionError {
  return new SchemaVersionError(
    `The store has version ${version} of its schema, and this program needs version ${SCHEMA_VERSION}. ` +
      `Let the owner of its tables run a command of this program first, such as: experiment preview --store ADDRESS`,
  );
}

/** A row may contain any character. */
async function refuseEncoding(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>("show server_encoding");
  const encoding = rows[0]?.server_encoding;
  if (encoding === "UTF8") return;
  throw new UnfitDatabaseError(
    `The database has the encoding ${encoding ?? "unknown"}, and a store needs UTF8. Create it so: createdb --encoding UTF8 --template template0 NAME`,
  );
}

/** Whether the schema is there in this version, so that a worker's role needs no right to migrate. */
export async function isMigrated(client: ClientBase): Promise<boolean> {
  if (!(await hasSchema(client))) return false;
  const version = await versionIn(client);
  refuseLater(version);
  return version === SCHEMA_VERSION;
}

/**
 * For a process that may not migrate.
 * @throws SchemaVersionError if the schema is another version's.
 */
export async function requireVersion(client: ClientBase): Promise<void> {
  const version = await versionIn(client);
  refuseLater(version);
  if (version < SCHEMA_VERSION) throw earlier(version);
}

/** Whether the schema is there, in any version. */
export async function hasSchema(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('counterbalance.schema_version') is not null as there",
  );
  return rows[0]?.there === true;
}

export async function versionIn(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number | null }>(
    "select max(version) as version from counterbalance.schema_version",
  );
  return rows[0]?.version ?? 0;
}

function refuseLater(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new SchemaVersionError(
    `The store has version ${version} of its schema, and this program knows version ${SCHEMA_VERSION}. Use the program's later version.`,
  );
}
