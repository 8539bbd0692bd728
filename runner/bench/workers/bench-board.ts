import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { Database } from "../../../ledger/store/postgres/database.ts";
import type { LedgerParts } from "../../../ledger/store/postgres/ledger-transaction.ts";
import { readStoreAddress } from "../../../ledger/store/postgres/store-address.ts";
import {
  type PrivateCluster,
  query,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { openPostgresSwitchboard } from "../../experiment/cluster/open-switchboard.ts";
import type {
  Claim,
  EndedAttempt,
  Switchboard,
  WindowJob,
} from "../../experiment/cluster/switchboard.ts";
import { openTrial } from "../../experiment/cluster/test-support/shared-trial.ts";
import { openSimulatedAttempt } from "../../experiment/cluster/test-support/simulated-attempt.ts";
import {
  type ClaimedAttempt,
  WORKER_TIMES,
  workWindows,
} from "../../experiment/cluster/worker-loop.ts";
import { NOTHING, UNBOUNDED } from "../../gateway/budgets/budget-unit.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { cpuMsOf } from "../proxy/process-figures.ts";

const CAP = 1_000_000_000;
const ALLOWANCE = { ...UNBOUNDED, tokens: 1000 };
export const MACHINE_CLASS = "bench";
/** Each has the four connections that a worker has. */
const WORKERS = 2;
const SLOTS = 4;
const MICROSECONDS_PER_MS = 1000;
const PARENT_FIELD = 1;
const REAPED_FIELDS = [13, 14];
const MS_PER_TICK = 10;
const LOOKS_MAX = 100;
const NEVER = new AbortController().signal;

/** A session whose windows do nothing, on a database of its own. */
export async function openBenchBoard(cluster: PrivateCluster) {
  const url = await cluster.makeDatabase();
  const trial = await openTrial({ url, replicates: 1, workMs: 0, cap: CAP });
  const { database, parts: ledger } = trial.store;
  const { experimentId } = trial.experiment.plan;
  const { configuration } = trial.experiment;
  const board = await openPostgresSwitchboard({ database, ledger, isOwner: true });
  await board.openSession({
    experimentId,
    sessionId: "bench",
    details: {},
    caps: { ...UNBOUNDED, tokens: CAP },
    spent: NOTHING,
    executedOrder: 0,
  });
  return {
    url,
    experimentId,
    board,
    /** As a coordinator does: the allowance, then the job. */
    enqueue: async (window: string, machineClass: string | null = null) => {
      await board.reserve(experimentId, new Map([[window, ALLOWANCE]]));
      return await board.enqueue(jobOf(experimentId, window, machineClass));
    },
    /** Lets workers take windows until so many are done. */
    work: async (windows: number, onDone: () => void = () => undefined) =>
      await workUntil({ url, experimentId, ledger, configuration }, { windows, onDone }),
    close: async () => {
      await board.close();
      await trial.store.close();
      trial.remove();
    },
  };
}

interface WorkParts {
  readonly url: string;
  readonly experimentId: string;
  readonly ledger: LedgerParts;
  readonly configuration: Configuration;
}

/** Lets workers, as the product has them, take windows until so many are done. */
async function workUntil(
  parts: WorkParts,
  { windows, onDone }: { readonly windows: number; readonly onDone: () => void },
): Promise<void> {
  const drain = new AbortController();
  let left = windows;
  const count = (event: string) => {
    if (event !== "done") return;
    left -= 1;
    onDone();
    if (left === 0) drain.abort();
  };
  const workers = Array.from({ length: WORKERS }, async (_, index) => {
    const database = new Database(readStoreAddress(parts.url, "bench"));
    const options = { database, ledger: parts.ledger, isOwner: false };
    const board = await openPostgresSwitchboard(options);
    const name = `worker-${String(index)}`;
    await workWindows(
      {
        board,
        worker: { name, host: name, machineClass: MACHINE_CLASS, slots: SLOTS },
        open: async (claim) => await openIdle(claim, board, parts),
        experiments: async () => [parts.experimentId],
        clock: systemClock,
        wait: async (ms, signal) => await sleep(ms, undefined, { signal }).catch(() => undefined),
        times: WORKER_TIMES,
        count,
        say: () => undefined,
      },
      { drain: drain.signal, atOnce: NEVER },
    );
    await board.close();
    await database.close();
  });
  await Promise.all(workers);
}

/** An attempt that takes no time, with the rows of one that does. */
async function openIdle(
  claim: Claim,
  board: Switchboard,
  { configuration }: WorkParts,
): Promise<ClaimedAttempt> {
  const attempt = await openSimulatedAttempt(claim, {
    time: { ...systemClock, wait: async () => {} },
    configuration,
    random: () => 0.5,
    allowance: ALLOWANCE.tokens,
    history: async (...asked) => await board.historyOf(...asked),
    spend: () => undefined,
  });
  return withDebit(claim, attempt);
}

/** What a piece of work took of time and CPU, of this process and of the whole server. */
export async function measureCost(url: string, work: () => Promise<void>) {
  const [backend] = await query<{ pid: number }>(
    url,
    "select pid from pg_stat_activity where pid <> pg_backend_pid() limit 1",
  );
  const server = Number(fieldsOf(backend?.pid ?? 0)[PARENT_FIELD]);
  const before = { ms: systemClock.monotonicMs(), own: ownCpuMs(), server: cpuOfServer(server) };
  await work();
  return {
    wallMs: systemClock.monotonicMs() - before.ms,
    ownCpuMs: ownCpuMs() - before.own,
    serverCpuMs: cpuOfServer(server) - before.server,
  };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS_PER_MS;
}

/** The server itself, its processes, and those that have ended. */
function cpuOfServer(server: number): number {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const fields = fieldsOf(server);
    const reaped = REAPED_FIELDS.reduce((sum, field) => sum + Number(fields[field]), 0);
    const list = readFileSync(`/proc/${String(server)}/task/${String(server)}/children`, "utf8");
    const alive = list.trim().split(" ").filter(Boolean).map(Number);
    try {
      return [server, ...alive].reduce((sum, pid) => sum + cpuMsOf(pid), reaped * MS_PER_TICK);
    } catch {
      // A process has ended meanwhile, so that its CPU is among that of the ended ones now.
    }
  }
  throw new Error("The server's processes end too fast to be counted.");
}

function fieldsOf(pid: number): readonly string[] {
  const text = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function jobOf(experimentId: string, window: string, machineClass: string | null): WindowJob {
  const planned = {
    window,
    provider: "one",
    featureId: "lru-cache",
    replicate: 1,
    period: machineClass === null ? 1 : 2,
    command: "/implement lru-cache",
  };
  return { experimentId, sessionId: "bench", planned, machineClass };
}

/** With the row of a budget that each request of an agent makes. */
function withDebit(claim: Claim, attempt: ClaimedAttempt): ClaimedAttempt {
  const { experimentId, planned } = claim.job;
  const { window, provider, featureId, replicate, period } = planned;
  return {
    ...attempt,
    work: async (signal, began): Promise<EndedAttempt> => {
      const ended = await attempt.work(signal, began);
      const { tokens } = ended.spent;
      const debit = {
        record: "budget_debited",
        experiment_id: experimentId,
        window,
        attempt: 1,
        provider,
        feature_id: featureId,
        replicate,
        period,
        basis: "uncached",
        reservation: window,
        command: "implement",
        delta: tokens,
        total: tokens,
        overshoot: 0,
        is_final: true,
      };
      return { ...ended, rows: [...ended.rows, { file: "budgets", rows: [debit] }] };
    },
  };
}
