import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Machine } from "../../../ledger/domain/window.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { COST_BASIS } from "../../plan/config/cost-measure.ts";
import { makeFolder } from "../../platform/environment/data-folder.ts";
import { isFree } from "../../platform/locks/hold-lock.ts";
import {
  type AgentSession,
  openAgentWorker,
  type OpenedWorker,
} from "../session/open-agent-worker.ts";
import type { Experiment } from "../session/prepare-experiment.ts";
import { recoverAttempts } from "../session/recover-attempts.ts";
import { SessionRecorder } from "../session/session-recorder.ts";
import { openCounter } from "../spending/budget-counter.ts";
import { openJournal } from "../spending/journal.ts";
import { openBook } from "../spending/open-book.ts";
import { CLAIM_FILE, claimsFolder, ClaimLedger, LOCK_FILE } from "./claim-ledger.ts";
import type { AttemptOutput, Claim, FileRows, NoRoom } from "./switchboard.ts";
import { type ClaimedAttempt, overAttempt } from "./worker-loop.ts";

export interface DeskParts extends Omit<
  AgentSession,
  "ledgerId" | "journal" | "book" | "admission" | "recorder" | "replay" | "onSettled"
> {
  /** The worker, as the rows of its windows name it. */
  readonly machine: Machine;
  readonly history: (claim: Claim) => Promise<readonly FileRows[]>;
  readonly say: (sentence: string) => void;
  /** Opens what works on the window; by default its provider's agent behind a proxy. */
  readonly openWorker?: OpenWorker | undefined;
}

export type OpenWorker = (session: AgentSession) => Promise<OpenedWorker>;

/**
 * Opens the attempt of a claim. Its rows are kept in a ledger of this machine first, which outlives a kill
 * and a database that is away, and are handed to the shared one together.
 */
export async function openAttempt(claim: Claim, parts: DeskParts): Promise<ClaimedAttempt> {
  const history = await parts.history(claim);
  const ledger = await openLedger(claim, parts);
  for (const { file, rows } of history) await ledger.store.append(file, rows);
  const known = new Set(history.flatMap(({ rows }) => rows.map(({ id }) => id)));
  return await begin(ledger, parts, known);
}

async function openLedger(claim: Claim, parts: DeskParts): Promise<ClaimLedger> {
  const { folder, environment, machine } = parts;
  const { configuration } = parts.experiment;
  return await ClaimLedger.open(claim, { folder, configuration, environment, machine });
}

/** Hands over what earlier processes of this worker have spent and could not say. */
export function findLeftClaims(parts: DeskParts): readonly LeftClaim[] {
  const folder = claimsFolder(parts.folder);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => {
    const file = path.join(folder, name, CLAIM_FILE);
    if (!existsSync(file) || !isFree(path.join(folder, name, LOCK_FILE))) return [];
    const claim: Claim = JSON.parse(readFileSync(file, "utf8"));
    return [{ claim, open: async () => await openLedger(claim, parts) }];
  });
}

export interface LeftClaim {
  readonly claim: Claim;
  readonly open: () => Promise<ClaimLedger>;
}

/** The parts of a session that works this window alone. Overall budgets are the shared ledger's concern. */
async function openSession(
  { claim, store, folder }: ClaimLedger,
  { environment, experiment, say }: DeskParts,
) {
  const { clock, randomId } = environment;
  const { experimentId } = claim.job;
  const configuration = withoutShared(experiment.configuration);
  makeFolder(folder.state);
  const view = openExperimentView(store, experimentId);
  const journal = openJournal(store, (row) => view.fold(row));
  const counter = await openCounter(folder, randomId(), journal);
  const { book, admission } = openBook({
    configuration,
    experimentId,
    journal,
    counter,
    clock,
    say,
  });
  return { configuration, view, journal, counter, book, admission };
}

type ClaimSession = Awaited<ReturnType<typeof openSession>>;

/** Ends what an earlier delivery left open, and opens the attempt if the window is not final. */
async function begin(
  ledger: ClaimLedger,
  parts: DeskParts,
  known: ReadonlySet<string | undefined>,
): Promise<ClaimedAttempt> {
  const session = await openSession(ledger, parts);
  const { configuration, view, journal, counter } = session;
  await recoverAttempts({
    view,
    journal,
    configuration,
    telemetry: ledger.store.read("proxy_telemetry"),
    nowMs: parts.environment.clock.nowMs(),
  });
  const recovered = ledger.rows(known);
  const { planned } = ledger.claim.job;
  const final = finalOf(view, planned.window);
  if (final !== undefined) {
    return overAttempt({ rows: recovered, output: outputOf(final) }, async () => {
      counter.close();
      await ledger.discard();
    });
  }
  const recorder = createRecorder(ledger.claim, session, parts);
  const { worker, close: closeWorker } = await openWorkerOf(ledger, session, parts);
  const order = await recorder.open(planned, worker);
  await journal.settled();
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await closeWorker();
    counter.close();
  };
  return {
    opening: ledger.rows(known),
    work: async (signal, began) => {
      const result = await worker.work(order, signal, began);
      await recorder.close(order, result, worker.methodology);
      await close();
      return { rows: ledger.rows(known), spent: ledger.spent(), output: outputOf(result) };
    },
    refuse: (room) => ({ rows: recovered, output: refusedOutput(room) }),
    late: async () => await ledger.late(known),
    leave: async () => {
      await close();
      await ledger.leave();
    },
    discard: async () => {
      await close();
      await ledger.discard();
    },
  };
}

function createRecorder(
  { job: { experimentId, sessionId }, executedOrder }: Claim,
  { configuration, view, journal }: ClaimSession,
  { environment: { clock, randomId }, experiment }: DeskParts,
): SessionRecorder {
  return new SessionRecorder({
    experimentId,
    sessionId,
    journal,
    view,
    clock,
    randomId,
    basis: COST_BASIS,
    measure: configuration.cost,
    providers: configuration.providers,
    gradeAgain: experiment.gradeAgain,
    lastExecutedOrder: executedOrder - 1,
  });
}

async function openWorkerOf(
  { store, folder }: ClaimLedger,
  { configuration, journal, book, admission }: ClaimSession,
  parts: DeskParts,
): Promise<OpenedWorker> {
  const { openWorker = openAgentWorker } = parts;
  return await openWorker({
    experiment: { ...parts.experiment, configuration },
    providers: parts.providers,
    folder,
    workspaceRoot: parts.workspaceRoot,
    environment: parts.environment,
    ledgerId: store.ledgerId,
    journal,
    book,
    admission,
    recorder: null,
    replay: null,
    onSettled: () => undefined,
    atOnce: parts.atOnce,
  });
}

/** Budgets over all windows hold where all windows are counted. */
function withoutShared(configuration: Experiment["configuration"]): Experiment["configuration"] {
  const { budgets } = configuration;
  const limits = budgets.limits.filter(({ scope }) => scope !== "overall" && scope !== "period");
  return { ...configuration, budgets: { ...budgets, limits } };
}

function refusedOutput({ unit, cap, spent, reserved, requested }: NoRoom): AttemptOutput {
  return {
    outcome: "session_budget",
    reason: `The overall budget of ${unit} has no room: ${String(requested)} of ${String(cap - spent - reserved)} left.`,
    quality: null,
    usage: { requests: 0 },
    spentBudget: "overall",
  };
}

function outputOf(result: AttemptOutput): AttemptOutput {
  const { outcome, reason, quality, usage, spentBudget, keyRefusal, limitResetsAtMs } = result;
  return {
    outcome,
    reason,
    quality,
    usage,
    ...(spentBudget === undefined ? {} : { spentBudget }),
    ...(keyRefusal === undefined ? {} : { keyRefusal }),
    ...(limitResetsAtMs === undefined ? {} : { limitResetsAtMs }),
  };
}
