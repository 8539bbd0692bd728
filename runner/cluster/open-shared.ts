import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import { PostgresStore } from "../../ledger/store/postgres/postgres-store.ts";
import { isOfConnection } from "../../ledger/store/postgres/store-failure.ts";
import type { LedgerStore } from "../../ledger/store/store.ts";
import type { ExperimentRun } from "../session/run-experiment.ts";
import type { SessionEnd } from "../session/run-session.ts";
import { sendCommits } from "./commit-bundles.ts";
import { openPostgresSwitchboard } from "./open-switchboard.ts";
import type { SwitchboardTimes } from "./postgres-switchboard.ts";
import { describeMachine } from "./prove-machine.ts";
import { DONE_CHANNEL } from "./queue-names.ts";
import { runOnWorkers } from "./run-on-workers.ts";
import type { Switchboard } from "./switchboard.ts";

const RECONNECT_MS = 500;

/** Another coordinator hands out the windows of the experiment. */
class CoordinatorRunningError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;
}

/** Runs an experiment whose ledger is in PostgreSQL: its windows go to the workers of that store. */
export async function runShared(
  run: ExperimentRun,
  times: SwitchboardTimes = {},
): Promise<SessionEnd> {
  const store = sharedStore(run.store);
  const { experiment, environment } = run;
  const { experimentId } = experiment.plan;
  const line = await openLine(store, experimentId);
  try {
    const { database, parts: ledger } = store;
    const board = await openPostgresSwitchboard({ ...times, database, ledger, isOwner: true });
    try {
      const bundles = await sendCommits(experiment.tasks.values(), { database, environment });
      const details = { ...(await describeMachine(run, environment)), bundles };
      return await runOnWorkers({
        ...run,
        store,
        board: patient(board),
        details,
        onDone: line.onDone,
      });
    } finally {
      await board.close();
    }
  } finally {
    await line.close();
  }
}

function sharedStore(store: LedgerStore): PostgresStore {
  if (store instanceof PostgresStore) return store;
  throw new Error("Expected a ledger in PostgreSQL.");
}

/** A connection of its own: it holds the coordinator's lock, and hears of windows that are done. */
async function openLine({ database }: PostgresStore, experimentId: string) {
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let client = await connect();
  /** After a restart of the server. Until it is back, coordinator and workers look at their times. */
  async function reconnect(): Promise<void> {
    while (!closing.signal.aborted) {
      await sleep(RECONNECT_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      const next = await connect().catch(() => undefined);
      if (next === undefined) continue;
      client = next;
      return;
    }
  }
  async function connect(): Promise<Client> {
    const next = new Client({ connectionString: database.address.url, keepAlive: true });
    next.on("error", () => undefined);
    await next.connect();
    const { rows } = await next.query<{ locked: boolean }>(
      "select pg_try_advisory_lock(hashtext('counterbalance'), hashtext($1)) as locked",
      [experimentId],
    );
    if (rows[0]?.locked !== true) {
      await next.end();
      throw new CoordinatorRunningError(
        `${database.address.shown}: another "experiment run" hands out the windows of ${experimentId}. Wait for it, end it, or look with "experiment watch".`,
      );
    }
    await next.query(`listen ${DONE_CHANNEL}`);
    next.on("notification", () => {
      for (const wake of listeners) wake();
    });
    next.once("end", () => void reconnect());
    return next;
  }
  return {
    onDone: (wake: () => void) => {
      listeners.add(wake);
      return () => void listeners.delete(wake);
    },
    close: async () => {
      closing.abort();
      await client.end().catch(() => undefined);
    },
  };
}

/** Every method may be called again with the same effect, so that a call is repeated until it is answered. */
function patient(board: Switchboard): Switchboard {
  return new Proxy(board, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return async (...args: unknown[]): Promise<unknown> => {
        for (;;) {
          try {
            const answer: unknown = await method.apply(target, args);
            return answer;
          } catch (error) {
            if (!isOfConnection(error)) throw error;
            await sleep(RECONNECT_MS);
          }
        }
      };
    },
  });
}
