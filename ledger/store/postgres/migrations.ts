import type { ClientBase } from "pg";

import { CounterbalanceError } from "../../domain/errors.ts";
import { EXIT } from "../../domain/exit-codes.ts";
import { prepareWorkerRole } from "./worker-role.ts";

/** The database was prepared by a later version of this program. */
class SchemaVersionError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** A ledger can't be kept in the database as it is. */
class UnfitDatabaseError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** Any number that no other program on the database uses for the same. */
const MIGRATION_LOCK = 7_204_118;

/**
 * What each version of the schema adds. A version that was released never changes.
 *
 * The database itself refuses to change or to remove a row of the ledger. `ledger_heads` has the end of
 * each file; whoever appends locks its row. The columns beside `line` only help to find and to refuse rows;
 * their order is that of bytes, so that no upgrade of the system's locales spoils an index.
 */
const MIGRATIONS: readonly string[] = [
  `
  create table counterbalance.ledger (
    is_only boolean primary key default true check (is_only),
    ledger_id text not null
  );
  create table counterbalance.ledger_heads (
    file text collate "C" primary key,
    seq bigint not null,
    h text not null,
    recorded_at text not null,
    segment integer not null,
    segment_first_seq bigint not null,
    segment_bytes bigint not null
  );
  create table counterbalance.ledger_rows (
    file text collate "C" not null,
    seq bigint not null,
    segment integer not null,
    id text collate "C" not null,
    record text not null,
    experiment_id text collate "C",
    window_name text collate "C",
    supersedes text collate "C",
    line text not null,
    primary key (file, seq)
  );
  create index ledger_rows_by_id on counterbalance.ledger_rows (file, id);
  create index ledger_rows_by_window on counterbalance.ledger_rows (experiment_id, window_name)
    where window_name is not null;
  create unique index one_final_row on counterbalance.ledger_rows (experiment_id, window_name)
    where record = 'window_finalized' and experiment_id <> 'manual' and supersedes is null;

  create function counterbalance.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'The ledger only grows: % of % is refused.', tg_op, tg_table_name
      using errcode = 'restrict_violation', hint = 'A correction is a new row.';
  end $$;
  create trigger rows_never_change before update or delete on counterbalance.ledger_rows
    for each row execute function counterbalance.refuse_change();
  create trigger rows_are_never_emptied before truncate on counterbalance.ledger_rows
    for each statement execute function counterbalance.refuse_change();
  create trigger ledger_never_changes before update or delete on counterbalance.ledger
    for each row execute function counterbalance.refuse_change();
  create trigger ledger_is_never_emptied before truncate on counterbalance.ledger
    for each statement execute function counterbalance.refuse_change();
  create function counterbalance.refuse_return() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and new.file = old.file and new.seq >= old.seq then return new; end if;
    raise exception 'The ledger only grows: % of % is refused.', tg_op, tg_table_name
      using errcode = 'restrict_violation', hint = 'A file never ends before a row that it has.';
  end $$;
  create trigger heads_only_advance before update or delete on counterbalance.ledger_heads
    for each row execute function counterbalance.refuse_return();
  create trigger heads_are_never_emptied before truncate on counterbalance.ledger_heads
    for each statement execute function counterbalance.refuse_change();
  `,
  `
  create table counterbalance.sessions (
    experiment_id text primary key,
    session_id text not null,
    details jsonb not null,
    executed_order bigint not null,
    stopped_why text
  );
  create table counterbalance.budgets (
    experiment_id text not null,
    unit text not null,
    cap bigint not null,
    spent bigint not null,
    reserved bigint not null check (reserved >= 0),
    primary key (experiment_id, unit)
  );
  create table counterbalance.allowances (
    experiment_id text not null,
    window_name text not null,
    amounts jsonb not null,
    begun_by text,
    primary key (experiment_id, window_name)
  );
  create table counterbalance.lost_attempts (
    claim text primary key,
    experiment_id text not null,
    amounts jsonb not null
  );
  create table counterbalance.deliveries (
    job_id uuid primary key,
    experiment_id text not null,
    window_name text not null,
    worker text not null,
    machine_class text not null,
    finished_delivery integer
  );
  create index deliveries_by_window on counterbalance.deliveries (experiment_id, window_name);
  create table counterbalance.workers (
    name text primary key,
    seen_at timestamptz not null,
    details jsonb not null
  );
  `,
  `
  create table counterbalance.bundles (
    name text primary key,
    shallow text not null
  );
  create table counterbalance.bundle_parts (
    name text not null references counterbalance.bundles on delete cascade,
    part integer not null,
    content bytea not null,
    primary key (name, part)
  );
  `,
];

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
    await prepareWorkerRole(client);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

/** Any character may stand in a row. */
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
  return version === MIGRATIONS.length;
}

/** Whether the schema is there, in any version. */
export async function hasSchema(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('counterbalance.schema_version') is not null as there",
  );
  return rows[0]?.there === true;
}

async function versionIn(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number | null }>(
    "select max(version) as version from counterbalance.schema_version",
  );
  return rows[0]?.version ?? 0;
}

function refuseLater(version: number): void {
  if (version <= MIGRATIONS.length) return;
  throw new SchemaVersionError(
    `The store has version ${version} of its schema, and this program knows version ${MIGRATIONS.length}. Use the program's later version.`,
  );
}
