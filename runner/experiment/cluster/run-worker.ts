import os from "node:os";

import { CounterbalanceError, reasonOf } from "../../../ledger/domain/errors.ts";
import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { validateRow } from "../../../ledger/domain/validate-row.ts";
import { STORE_LIMITS } from "../../../ledger/store/ledger-context.ts";
import { rowIdMaker } from "../../../ledger/store/make-row-id.ts";
import { Database } from "../../../ledger/store/postgres/database.ts";
import { readDurability, sayRisks } from "../../../ledger/store/postgres/durability.ts";
import { requireVersion } from "../../../ledger/store/postgres/migrations.ts";
import { SeenHeads } from "../../../ledger/store/postgres/seen-heads.ts";
import type { StoreAddress } from "../../../ledger/store/postgres/store-address.ts";
import { explainStoreFailure } from "../../../ledger/store/postgres/store-failure.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { agentIn, type Environment } from "../../platform/environment/environment.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { workspacesBelow } from "../../tasks/workspaces/workspace-root.ts";
import { waitInTime } from "../session/run-session.ts";
import { type DeskParts, findLeftClaims, openAttempt, type OpenWorker } from "./attempt-desk.ts";
import { openPostgresSwitchboard } from "./open-switchboard.ts";
import type { PostgresSwitchboard } from "./postgres-switchboard.ts";
import { type ProvenExperiment, proveMachine } from "./prove-machine.ts";
import type { AttemptOutput, Claim, OpenSession } from "./switchboard.ts";
import type { WorkerCounts } from "./worker-counts.ts";
import {
  onceEach,
  overAttempt,
  WORKER_TIMES,
  type WorkerSignals,
  workWindows,
} from "./worker-loop.ts";

const READY_EVERY_MS = 1000;
/** What a machine lacks may be mended meanwhile. */
const PROVE_EVERY_MS = 5000;

const HANDED_BACK: AttemptOutput = {
  outcome: "interrupted",
  reason: "The worker differs from its coordinator.",
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
  /** The path of the configuration; by default the usual one. */
  readonly config: string | undefined;
  readonly environment: Environment;
  readonly counts: WorkerCounts;
  readonly say: (sentence: string) => void;
  /** What works a window; by default its provider's agent. */
  readonly openWorker?: OpenWorker;
}

/** Works on windows of a store until it has to end. */
export async function runWorker(options: WorkerOptions, signals: WorkerSignals): Promise<void> {
  const database = new Database(options.address, `counterbalance worker ${options.name}`);
  try {
    const board = await openWhenThere(options, database, signals.drain);
    if (board === undefined) return;
    for (const risk of sayRisks(await database.connected(readDurability))) options.say(risk);
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
  const { name, machineClass, slots, environment, counts, say } = options;
  const proofs = createProofs(options, { database, board });
  const deskFor = (experimentId: string): DeskParts => {
    const proven = proofs.get(experimentId);
    if (proven === undefined) throw new Error(`${experimentId} was not proved.`);
    return {
      experiment: proven.experiment,
      providers: proven.providers,
      folder: options.folder,
      workspaceRoot: options.workspaceRoot,
      environment,
      openWorker: options.openWorker,
      say,
      machine: { worker: name, class: machineClass },
      history: async ({ job }: Claim) =>
        await board.historyOf(job.experimentId, job.planned.window),
      atOnce: signals.atOnce,
    };
  };
  await workWindows(
    {
      board,
      worker: { name, machineClass, slots, host: os.hostname() },
      open: async (claim) => {
        // The session may be newer than the last look at the sessions, and have other limits.
        if (await proofs.isProved(claim.job.experimentId))
          return await openAttempt(claim, deskFor(claim.job.experimentId));
        return overAttempt({ rows: [], output: HANDED_BACK }, async () => {});
      },
      experiments: async () => {
        const ids = await proofs.current();
        for (const id of ids) await reportLeft(board, deskFor(id), say);
        return ids;
      },
      refusals: proofs.refusals,
      clock: environment.clock,
      wait: waitInTime,
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
    try {
      await board.recordLate(claim, await left.late(new Set()));
    } catch (error) {
      await left.leave();
      throw error;
    }
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
  const tell = onceEach(say);
  while (!drain.aborted) {
    try {
      const board = await openBoard(database, environment);
      if (board !== undefined) return board;
      tell(`${address.shown}: waiting for "experiment run --store" to prepare the store.`);
    } catch (error) {
      // Waiting does not help.
      if (error instanceof CounterbalanceError && error.exitCode === EXIT.usage) throw error;
      tell(`Waiting for the store: ${reasonOf(error)}`);
    }
    await waitInTime(READY_EVERY_MS, drain);
  }
  return undefined;
}

async function openBoard(database: Database, environment: Environment) {
  const isThere = await database.connected(async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      "select to_regclass('counterbalance_queue.job') is not null as there",
    );
    if (rows[0]?.there === true) await requireVersion(client);
    return rows[0]?.there === true;
  });
  if (!isThere) return undefined;
  const ledger = {
    seen: new SeenHeads(),
    agentId: agentIn(environment) ?? "harness",
    toolVersion: toolVersion(),
    makeId: rowIdMaker(environment.clock),
    segmentBytesMax: STORE_LIMITS.segmentBytesMax,
    validate: validateRow,
  };
  return await openPostgresSwitchboard({ database, ledger, isOwner: false });
}

interface RefusedSession {
  readonly sessionId: string;
  readonly lacks: string;
  readonly atMs: number;
}

/** Proves for each open session, once, that this machine can work it. It takes nothing of a session without a proof. */
function createProofs(options: WorkerOptions, { database, board }: Opened) {
  const { config, environment, folder, workspaceRoot, say, name } = options;
  const proven = new Map<string, ProvenExperiment & Pick<OpenSession, "sessionId">>();
  const refused = new Map<string, RefusedSession>();
  const agentFolders = [folder.root, workspacesBelow(workspaceRoot)];
  let askedMs = -Infinity;
  let ids: readonly string[] = [];
  const prove = async (session: OpenSession, nowMs: number): Promise<boolean> => {
    const { experimentId, sessionId } = session;
    if (proven.get(experimentId)?.sessionId === sessionId) return true;
    const before = refused.get(experimentId);
    if (before?.sessionId === sessionId && nowMs - before.atMs < PROVE_EVERY_MS) return false;
    const machine = { config, environment, agentFolders, store: database };
    const proof = await proveMachine(session, machine);
    if ("lacks" in proof) {
      const { lacks } = proof;
      if (before?.lacks !== lacks) say(`${name} takes no windows of ${experimentId}: ${lacks}.`);
      refused.set(experimentId, { sessionId, lacks, atMs: nowMs });
      return false;
    }
    refused.delete(experimentId);
    proven.set(experimentId, { ...proof, sessionId });
    say(`${name} is ready for ${experimentId}.`);
    return true;
  };
  const look = async (): Promise<readonly string[]> => {
    const nowMs = environment.clock.monotonicMs();
    const sessions = await board.sessions();
    const open = new Set(sessions.map(({ experimentId }) => experimentId));
    for (const id of refused.keys()) if (!open.has(id)) refused.delete(id);
    const good: string[] = [];
    for (const session of sessions) {
      if (await prove(session, nowMs)) good.push(session.experimentId);
    }
    return good;
  };
  return {
    get: (id: string) => proven.get(id),
    /** Looks at the sessions now. One that has ended since was proved. */
    isProved: async (id: string): Promise<boolean> => {
      await look();
      return proven.has(id) && !refused.has(id);
    },
    refusals: () => [...refused].map(([experimentId, { lacks: why }]) => ({ experimentId, why })),
    /** The experiments with an open session that it can work. */
    current: async (): Promise<readonly string[]> => {
      const nowMs = environment.clock.monotonicMs();
      if (nowMs - askedMs < READY_EVERY_MS) return ids;
      askedMs = nowMs;
      ids = await look();
      return ids;
    },
  };
}
