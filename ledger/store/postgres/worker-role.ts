import type { ClientBase } from "pg";

const ROLE = "counterbalance_worker";

/** What a worker may do, and no more. What a later version of the schema adds to it comes last. */
const RIGHTS: readonly string[] = [
  "usage on schema counterbalance",
  "select on counterbalance.schema_version, counterbalance.ledger",
  "select, insert on counterbalance.ledger_rows",
  "select, insert, update on counterbalance.ledger_heads",
  "select, update on counterbalance.sessions, counterbalance.budgets",
  "select, insert, update, delete on counterbalance.allowances, counterbalance.lost_attempts",
  "select, insert, update on counterbalance.deliveries, counterbalance.workers",
  "select on counterbalance.bundles, counterbalance.bundle_parts",
];

/**
 * Gives the role of workers its rights, and makes it first. A user who may not make roles leaves that to
 * an administrator, who then calls `counterbalance.grant_worker()`.
 */
export async function prepareWorkerRole(client: ClientBase): Promise<void> {
  await client.query(`
    create or replace function counterbalance.grant_worker() returns void language plpgsql as $$
    begin
      ${RIGHTS.map((right) => `grant ${right} to ${ROLE};`).join("\n      ")}
    end $$;
    revoke all on function counterbalance.grant_worker() from public;
    do $$
    begin
      -- Roles belong to all databases of the server: another one may have it, or make it now.
      if not exists (select from pg_catalog.pg_roles where rolname = '${ROLE}') then
        create role ${ROLE} nologin;
      end if;
    exception when insufficient_privilege or duplicate_object or unique_violation then null;
    end $$;
    do $$
    begin
      if exists (select from pg_catalog.pg_roles where rolname = '${ROLE}') then
        perform counterbalance.grant_worker();
      end if;
    end $$;
  `);
}
