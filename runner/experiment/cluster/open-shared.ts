import type { Client } from "pg";

import { RefusedError } from "../../../ledger/domain/errors.ts";
import { awaitDatabase } from "../../../ledger/store/postgres/await-database.ts";
import { readDurability, sayRisks } from "../../../ledger/store/postgres/durability.ts";
import { PostgresStore } from "../../../ledger/store/postgres/postgres-store.ts";
import { explainStoreFailure } from "../../../ledger/store/postgres/store-failure.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { waitInTime } from "../session/run-session.ts";
import type { SessionEnd } from "../session/run-session.ts";
import { sendCommits } from "./commit-bundles.ts";
import { endInTime, type Ending } from "./end-in-time.ts";
import { openPostgresSwitchboard } from "./open-switchboard.ts";
import { Patience } from "./patience.ts";
import type { SwitchboardTimes } from "./postgres-switchboard.ts";
import { describeMachine } from "./prove-machine.ts";
import { DONE_CHANNEL } from "./queue-names.ts";
import { runOnWorkers, type StoreRun } from "./run-on-workers.ts";
import type { Switchboard } from "./switchboard.ts";

const RECONNECT_MS = 500;

/** Another coordinator hands out the windows of the experiment. */
class CoordinatorRunningError extends RefusedError {}

/** Runs an experiment whose ledger is in PostgreSQL: its windows go to the workers of that store. */
export async function runShared(run: StoreRun, times: SwitchboardTimes = {}): Promise<SessionEnd> {
  const store = sharedStore(run.store);
  const { address } = store.database;
  const { signal, atOnce } = run;
  const giveUp = () => store.database.abandon();
  const ending = endInTime({ signal, atOnce, wait: waitInTime, giveUp });
  try {
    return await runOn(run, { store, times, ending });
  } catch (error) {
    if (!ending.isGivenUp()) throw explainStoreFailure(address, error);
    const sentence = `Interrupted, but ${address.shown} did not answer. Its workers don't know, and continue.`;
    return { reason: "interrupted", sentence };
  } finally {
    ending.close();
  }
}

function sharedStore(store: LedgerStore): PostgresStore {
  if (store instanceof PostgresStore) return store;
  throw new Error("Expected a ledger in PostgreSQL.");
}

interface EndedStore {
  readonly store: PostgresStore;
  readonly times: SwitchboardTimes;
  readonly ending: Ending;
}

async function runOn(run: StoreRun, { store, times, ending }: EndedStore): Promise<SessionEnd> {
  const { experiment, environment, providers } = run;
  const { database, parts: ledger } = store;
  const { address } = database;
  const { clock } = environment;
  const observer = run.observe(() => []);
  const say = (sentence: string) => observer.noted(sentence);
  const when = async <Value>(act: () => Promise<Value>) =>
    await awaitDatabase(act, { address, clock, say, isPatient: true });
  const line = await when(async () => await openLine(store, experiment.plan.experimentId));
  try {
    const options = { ...times, database, ledger, isOwner: true };
    const board = await when(async () => await openPostgresSwitchboard(options));
    try {
      const tasks = [...experiment.tasks.values()];
      const bundles = await when(async () => await sendCommits(tasks, { database, environment }));
      const risks = await when(async () => await database.connected(readDurability));
      const patience = new Patience({ shown: address.shown, clock, say });
      return await runOnWorkers({
        experiment,
        providers,
        store,
        view: run.view,
        folder: run.folder,
        environment,
        stopWhen: run.stopWhen,
        signal: run.signal,
        refresh: async () => await patience.until(async () => await store.refresh()),
        board: patience.of<Switchboard>(board),
        details: { ...(await describeMachine({ experiment, providers }, environment)), bundles },
        notices: sayRisks(risks),
        observe: () => observer,
        onDone: line.onDone,
        atOnce: ending.left,
        onTold: ending.told,
      });
    } finally {
      await board.close();
    }
  } finally {
    await line.close();
  }
}

/** A connection of its own: it holds the coordinator's lock, and hears of windows that are done. */
async function openLine({ database }: PostgresStore, experimentId: string) {
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let client = await connect();
  /** After a restart of the server. Until it is back, coordinator and workers look at their times. */
  async function reconnect(): Promise<void> {
    while (!closing.signal.aborted) {
      await waitInTime(RECONNECT_MS, closing.signal);
      const next = await connect().catch(() => undefined);
      if (next === undefined) continue;
      client = next;
      return;
    }
  }
  async function connect(): Promise<Client> {
    const next = await database.connectAlone();
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
