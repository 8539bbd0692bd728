import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import { validateRow } from "../../ledger/domain/validate-row.ts";
import { STORE_LIMITS } from "../../ledger/store/ledger-context.ts";
import { rowIdMaker } from "../../ledger/store/make-row-id.ts";
import { Database } from "../../ledger/store/postgres/database.ts";
import { readLedgerId } from "../../ledger/store/postgres/postgres-store.ts";
import type { StoreAddress } from "../../ledger/store/postgres/store-address.ts";
import { explainStoreFailure } from "../../ledger/store/postgres/store-failure.ts";
import type { DataFolder } from "../data-folder.ts";
import { agentIn, type Environment } from "../environment.ts";
import { toolVersion } from "../package-folder.ts";
import { workspacesBelow } from "../session/run-experiment.ts";
import { type DeskParts, findLeftClaims, openAttempt, type OpenWorker } from "./attempt-desk.ts";
import { openPostgresSwitchboard } from "./open-switchboard.ts";
import type { PostgresSwitchboard } from "./postgres-switchboard.ts";
import { type ProvenExperiment, proveMachine } from "./prove-machine.ts";
import type { AttemptOutput, Claim } from "./switchboard.ts";
import type { WorkerCounts } from "./worker-counts.ts";
import { overAttempt, WORKER_TIMES, type WorkerSignals, workWindows } from "./worker-loop.ts";

const READY_EVERY_MS = 1000;

const HANDED_BACK: AttemptOutput = {
  outcome: "interrupted",
  reason: "The worker does not work as its coordinator would.",
  quality: null,
  usage: { requests: 0 },
};

export interface WorkerOptions {
  readonly address: StoreAddress;
  readonly folder: DataFolder;
  readonly workspaceRoot: string;
  readonly name: string;
  readonly machineClass: string;
  readonly slots: number;
  readonly config: { readonly config?: string };
  readonly environment: Environment;
  readonly counts: WorkerCounts;
  readonly say: (sentence: string) => void;
  /** What works a window; by default its provider's agent. */
  readonly openWorker?: OpenWorker;
}

/** Works windows of a store until it is told to end. */
export async function runWorker(options: WorkerOptions, signals: WorkerSignals): Promise<void> {
  const database = new Database(options.address, `counterbalance worker ${options.name}`);
  try {
    const board = await openWhenThere(options, database, signals.drain);
    if (board === undefined) return;
    try {
      await workOn(options, { database, board }, signals);
    } finally {
      await board.close();
    }
  } catch (error) {
    throw explainStoreFailure(options.address, error);
  } finally {
    await database.close();
  }
}

interface Opened {
  readonly database: Database;
  readonly board: PostgresSwitchboard;
}

async function workOn(
  options: WorkerOptions,
  { database, board }: Opened,
  signals: WorkerSignals,
): Promise<void> {
  const { environment, counts, say } = options;
  const proofs = createProofs(options, { database, board });
  const deskFor = (experimentId: string): DeskParts => {
    const proven = proofs.get(experimentId);
    if (proven === undefined) throw new Error(`${experimentId} was not proved.`);
    const { name: worker, machineClass } = options;
    return {
      ...proven,
      ...options,
      machine: { worker, class: machineClass },
      history: async ({ job }: Claim) =>
        await board.historyOf(job.experimentId, job.planned.window),
      atOnce: signals.atOnce,
    };
  };
  await workWindows(
    {
      board,
      worker: { ...options, host: os.hostname() },
      open: async (claim) => {
        // The session may be newer than the last look at the sessions, and have other limits.
        if (await proofs.isProved(claim.job.experimentId))
          return await openAttempt(claim, deskFor(claim.job.experimentId));
        return overAttempt({ rows: [], output: HANDED_BACK }, async () => {});
      },
      isReady: async () => {
        if (!(await proofs.areGood())) return false;
        for (const id of proofs.ids()) await reportLeft(board, deskFor(id), say);
        return true;
      },
      refusals: proofs.refusals,
      clock: environment.clock,
      wait,
      times: WORKER_TIMES,
      count: counts.count,
      say,
    },
    signals,
  );
}

/** Hands over what a killed process of this folder had spent. */
async function reportLeft(
  board: PostgresSwitchboard,
  desk: DeskParts,
  say: (sentence: string) => void,
): Promise<void> {
  for (const { claim, open } of findLeftClaims(desk)) {
    if (claim.job.experimentId !== desk.experiment.plan.experimentId) continue;
    const left = await open();
    await board.recordLate(claim, await left.late());
    await left.discard();
    say(`${claim.job.planned.window}: recorded what an ended worker had spent.`);
  }
}

/** Waits for the store's first experiment, which makes the schema. */
async function openWhenThere(
  { environment, address, say }: WorkerOptions,
  database: Database,
  drain: AbortSignal,
): Promise<PostgresSwitchboard | undefined> {
  let isSaid = false;
  while (!drain.aborted) {
    try {
      const board = await openBoard(database, environment);
      if (board !== undefined) return board;
    } catch (error) {
      // Waiting does not help.
      if (error instanceof CounterbalanceError && error.exitCode === EXIT.usage) throw error;
      if (!isSaid) say(error instanceof Error ? error.message : String(error));
    }
    if (!isSaid)
      say(`${address.shown}: waiting for "experiment run --store" to prepare the store.`);
    isSaid = true;
    await wait(READY_EVERY_MS, drain);
  }
  return undefined;
}

async function openBoard(database: Database, environment: Environment) {
  const ledgerId = await database.connected(async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      "select to_regclass('counterbalance_queue.job') is not null as there",
    );
    return rows[0]?.there === true ? await readLedgerId(client) : undefined;
  });
  if (ledgerId === undefined) return undefined;
  const ledger = {
    ledgerId,
    agentId: agentIn(environment) ?? "harness",
    toolVersion: toolVersion(),
    makeId: rowIdMaker(environment.clock),
    segmentBytesMax: STORE_LIMITS.segmentBytesMax,
    validate: validateRow,
  };
  return await openPostgresSwitchboard({ database, ledger, isOwner: false });
}

/** Proves for each open session, once, that this machine can work it. Without a proof it takes nothing. */
function createProofs(options: WorkerOptions, { database, board }: Opened) {
  const { environment, folder, workspaceRoot, say, name } = options;
  const proven = new Map<string, ProvenExperiment>();
  const proved = new Map<string, string>();
  const refused = new Map<string, string>();
  const agentFolders = [folder.root, workspacesBelow(workspaceRoot)];
  let askedMs = -Infinity;
  let isGood = false;
  const prove = async (): Promise<boolean> => {
    const sessions = await board.sessions();
    const open = new Set(sessions.map(({ experimentId }) => experimentId));
    for (const id of refused.keys()) if (!open.has(id)) refused.delete(id);
    for (const session of sessions) {
      const { experimentId, sessionId } = session;
      if (proved.get(experimentId) === sessionId) continue;
      const parts = { options: options.config, environment, agentFolders, store: database };
      const proof = await proveMachine(session, parts);
      if ("lacks" in proof) {
        if (refused.get(experimentId) !== proof.lacks) {
          say(`${name} takes no windows of ${experimentId}: ${proof.lacks}.`);
        }
        refused.set(experimentId, proof.lacks);
        return false;
      }
      refused.delete(experimentId);
      proven.set(experimentId, proof);
      proved.set(experimentId, sessionId);
      say(`${name} is ready for ${experimentId}.`);
    }
    return sessions.length > 0;
  };
  return {
    get: (id: string) => proven.get(id),
    /** Looks at the sessions now. One that has ended since was proved. */
    isProved: async (id: string): Promise<boolean> => {
      await prove();
      return proven.has(id) && !refused.has(id);
    },
    ids: () => [...proven.keys()],
    refusals: () => [...refused].map(([experimentId, why]) => ({ experimentId, why })),
    areGood: async (): Promise<boolean> => {
      const nowMs = environment.clock.monotonicMs();
      if (nowMs - askedMs < READY_EVERY_MS) return isGood;
      askedMs = nowMs;
      isGood = await prove();
      return isGood;
    },
  };
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
