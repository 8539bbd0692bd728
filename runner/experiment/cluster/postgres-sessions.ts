import type { PoolClient } from "pg";

import { SCHEMA_VERSION } from "../../../ledger/store/postgres/migrations.ts";
import { BUDGET_UNITS } from "../../gateway/budgets/budget-unit.ts";
import { queueOf, SCHEMA } from "./queue-names.ts";
import type { OpenSession, Order, SessionStart } from "./switchboard.ts";

type Sql = Pick<PoolClient, "query">;

/** Opens the session of an experiment, or opens it again, with the caps of its budgets. */
export async function openSession(client: Sql, session: SessionStart): Promise<void> {
  const { experimentId, sessionId, details, caps, spent, executedOrder } = session;
  await client.query(
    `insert into counterbalance.sessions values ($1, $2, $3, $4, null)
     on conflict (experiment_id) do update set session_id = excluded.session_id, details = excluded.details,
       executed_order = greatest(sessions.executed_order, excluded.executed_order), stopped_why = null`,
    [
      experimentId,
      sessionId,
      JSON.stringify({ schema_version: SCHEMA_VERSION, details }),
      executedOrder,
    ],
  );
  for (const unit of BUDGET_UNITS) {
    if (caps[unit] === null) {
      await client.query(
        "delete from counterbalance.budgets where experiment_id = $1 and unit = $2",
        [experimentId, unit],
      );
      continue;
    }
    await client.query(
      `insert into counterbalance.budgets values ($1, $2, $3, $4, 0)
       on conflict (experiment_id, unit) do update set cap = excluded.cap`,
      [experimentId, unit, caps[unit], spent[unit]],
    );
  }
}

/** Tells the workers to end, and drops the windows that wait. */
export async function stopSession(client: Sql, experimentId: string, why: string): Promise<void> {
  await client.query(
    "update counterbalance.sessions set stopped_why = $2 where experiment_id = $1",
    [experimentId, why],
  );
  await client.query(
    `update ${SCHEMA}.job set state = 'cancelled', completed_on = now()
     where state in ('created', 'retry') and name = any(array(
       select name from ${SCHEMA}.queue where name = $1 or starts_with(name, $1 || '.')))`,
    [queueOf(experimentId, null)],
  );
}

/** Whether windows may still be handed out. A stop waits for the transaction, and then finds its window. */
export async function isOpen(client: Sql, experimentId: string): Promise<boolean> {
  const { rows } = await client.query<{ open: boolean }>(
    "select stopped_why is null as open from counterbalance.sessions where experiment_id = $1 for share",
    [experimentId],
  );
  return rows[0]?.open ?? true;
}

export async function readOrder(client: Sql, experimentId: string): Promise<Order> {
  const { rows } = await client.query<{ stopped_why: string | null }>(
    "select stopped_why from counterbalance.sessions where experiment_id = $1",
    [experimentId],
  );
  const { stopped_why: why } = rows[0] ?? { stopped_why: "Its session is gone." };
  return why === null ? { goesOn: true } : { goesOn: false, why };
}

/** Sessions that are open. */
export async function readSessions(client: Sql): Promise<readonly OpenSession[]> {
  const { rows } = await client.query<{
    experiment_id: string;
    session_id: string;
    details: { readonly schema_version?: number; readonly details?: unknown };
  }>(
    "select experiment_id, session_id, details from counterbalance.sessions where stopped_why is null",
  );
  return rows.map((row) => ({
    experimentId: row.experiment_id,
    sessionId: row.session_id,
    // Another version of this program reads them otherwise.
    details: row.details.schema_version === SCHEMA_VERSION ? row.details.details : null,
  }));
}
