import type { ClientBase } from "pg";

const READS =
  "select on counterbalance.schema_version, counterbalance.ledger, counterbalance.ledger_rows, counterbalance.ledger_heads, counterbalance.sessions, counterbalance.budgets, counterbalance.workers";
const SEEN = "counterbalance.check_seen(jsonb)";

/** What each role may do, and no more. Nobody but the owner writes to a table of the ledger or of a budget. */
const RIGHTS = {
  /** Works windows: adds rows of those that it holds. */
  worker: [
    "usage on schema counterbalance",
    `${READS}, counterbalance.bundles, counterbalance.bundle_parts`,
    `execute on function ${SEEN},
      counterbalance.take(uuid, integer, text, text, jsonb),
      counterbalance.enter_claim(uuid, integer, boolean, text[], jsonb),
      counterbalance.begin_claim(uuid, integer, text[], text[]),
      counterbalance.finish_claim(uuid, integer, text[], text[], jsonb, jsonb),
      counterbalance.record_late(uuid, integer, text[], text[], jsonb),
      counterbalance.greet(text, jsonb)`,
  ],
  /** Records by hand: adds any rows. */
  recorder: [
    "usage on schema counterbalance",
    READS,
    `execute on function ${SEEN}, counterbalance.lock_heads(text[], jsonb), counterbalance.append(text[], text[])`,
  ],
} as const satisfies Record<string, readonly string[]>;

/**
 * Gives the roles of workers and of people who record their rights, and makes them first. A user who may
 * not make roles leaves that to an administrator, who then calls `counterbalance.grant_worker()` and
 * `counterbalance.grant_recorder()`.
 */
export async function prepareRoles(client: ClientBase): Promise<void> {
  await client.query("revoke all on all functions in schema counterbalance from public");
  for (const [name, rights] of Object.entries(RIGHTS)) {
    await client.query(sqlFor(name, `counterbalance_${name}`, rights));
  }
}

function sqlFor(name: string, role: string, rights: readonly string[]): string {
  return `
    create or replace function counterbalance.grant_${name}() returns void language plpgsql as $$
    begin
      revoke all on all tables in schema counterbalance from ${role};
      revoke all on all functions in schema counterbalance from ${role};
      ${rights.map((right) => `grant ${right} to ${role};`).join("\n      ")}
    end $$;
    revoke all on function counterbalance.grant_${name}() from public;
    do $$
    begin
      -- Roles belong to all databases of the server: another one may have it, or make it now.
      if not exists (select from pg_catalog.pg_roles where rolname = '${role}') then
        create role ${role} nologin;
      end if;
    exception when insufficient_privilege or duplicate_object or unique_violation then null;
    end $$;
    do $$
    begin
      if exists (select from pg_catalog.pg_roles where rolname = '${role}') then
        perform counterbalance.grant_${name}();
      end if;
    end $$;
  `;
}
