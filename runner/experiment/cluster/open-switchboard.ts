import { PgBoss } from "pg-boss";

import { PostgresSwitchboard, type PostgresSwitchboardOptions } from "./postgres-switchboard.ts";
import { SCHEMA, TIMES } from "./queue-names.ts";

/** What the queue notes of its own upkeep. Its other columns and tables hold SQL that the owner runs. */
const KEPT_BY_ALL =
  "monitor_claim_on, monitor_on, maintain_on, deferred_count, queued_count, ready_count, active_count, failed_count, total_count, created_delta, completed_delta, failed_delta, delta_on, delta_seconds, ready_history, singletons_active";

/** Workers take windows from the queue, and change nothing but its jobs. */
const GRANT_QUEUE = `
  do $$ declare one regclass; begin
    if exists (select from pg_catalog.pg_roles where rolname = 'counterbalance_recorder') then
      grant usage on schema ${SCHEMA} to counterbalance_recorder;
      grant select on ${SCHEMA}.job, ${SCHEMA}.queue to counterbalance_recorder;
    end if;
    if exists (select from pg_catalog.pg_roles where rolname = 'counterbalance_worker') then
      revoke all on all tables in schema ${SCHEMA} from counterbalance_worker;
      grant usage on schema ${SCHEMA} to counterbalance_worker;
      grant select on all tables in schema ${SCHEMA} to counterbalance_worker;
      for one in select relid from pg_partition_tree('${SCHEMA}.job') loop
        execute format('grant insert, update, delete on %s to counterbalance_worker', one);
      end loop;
      grant update (${KEPT_BY_ALL}) on ${SCHEMA}.queue to counterbalance_worker;
      grant update (flow_on, monitor_backoff_on) on ${SCHEMA}.version to counterbalance_worker;
      grant execute on all functions in schema ${SCHEMA} to counterbalance_worker;
    end if;
  end $$`;

/**
 * Opens the queue in the database. pg-boss delivers a window again after missed heartbeats; that an
 * effect takes place once is due to the fence in `begin` and `finish` alone.
 */
export async function openPostgresSwitchboard(
  options: PostgresSwitchboardOptions,
): Promise<PostgresSwitchboard> {
  const { database, isOwner, monitorSeconds = TIMES.monitor } = options;
  const boss = new PgBoss({
    db: { executeSql: async (text, values) => await database.pool.query(text, values) },
    schema: SCHEMA,
    schedule: false,
    migrate: isOwner,
    createSchema: isOwner,
    superviseIntervalSeconds: monitorSeconds,
    monitorIntervalSeconds: monitorSeconds,
    reindex: false,
  });
  // A database that is gone for a moment fails the call that needs it; the supervisor tries again.
  boss.on("error", () => undefined);
  boss.on("warning", () => undefined);
  const board = new PostgresSwitchboard(options, boss);
  try {
    await boss.start();
    if (isOwner) await database.pool.query(GRANT_QUEUE);
    return board;
  } catch (error) {
    await board.close();
    throw error;
  }
}
