import { PgBoss } from "pg-boss";

import { PostgresSwitchboard, type PostgresSwitchboardOptions } from "./postgres-switchboard.ts";
import { ANY_CLASS, SCHEMA, TIMES } from "./queue-names.ts";

/** Workers take windows from the queue, and change nothing of its schema. */
const GRANT_QUEUE = `
  do $$ begin
    if exists (select from pg_catalog.pg_roles where rolname = 'counterbalance_worker') then
      grant usage on schema ${SCHEMA} to counterbalance_worker;
      grant select, insert, update, delete on all tables in schema ${SCHEMA} to counterbalance_worker;
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
    if (isOwner) {
      await board.prepareQueue(ANY_CLASS);
      await database.pool.query(GRANT_QUEUE);
    }
    return board;
  } catch (error) {
    await board.close();
    throw error;
  }
}
