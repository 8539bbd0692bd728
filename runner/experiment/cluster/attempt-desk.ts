import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { LEDGER_FILES, type LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { validateRow } from "../../../ledger/domain/validate-row.ts";
import type { Machine } from "../../../ledger/domain/window.ts";
import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { toLimits } from "../../gateway/budgets/resolve-budgets.ts";
import { SpendingFold, spentSoFar } from "../../gateway/budgets/spending-fold.ts";
import { AttemptTraffic } from "../../gateway/traffic/attempt-traffic.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import {
  createDataFolder,
  type DataFolder,
  makeFolder,
} from "../../platform/environment/data-folder.ts";
import { agentIn, type Environment } from "../../platform/environment/environment.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { holdLock, isFree } from "../../platform/locks/hold-lock.ts";
import type { Experiment } from "../session/prepare-experiment.ts";
import { recoverAttempts } from "../session/recover-attempts.ts";
import {
  createRecorder,
  createWorker,
  openSessionProxy,
  type Session,
} from "../session/run-experiment.ts";
import { openCounter } from "../spending/budget-counter.ts";
import { openJournal } from "../spending/journal.ts";
import { openBook } from "../spending/open-book.ts";
import { settleOrphans } from "../spending/settle-orphans.ts";
import type { AttemptOrder, WindowWorker } from "../windows/window-worker.ts";
import { rowsOfClaim } from "./handed-in-row.ts";
import type { AttemptOutput, Claim, EndedAttempt, FileRows, NoRoom } from "./switchboard.ts";
import { type ClaimedAttempt, overAttempt } from "./worker-loop.ts";

export interface DeskParts {
  readonly experiment: Experiment;
  readonly providers: readonly ReadyProvider[];
  /** The worker's data folder. Each claim has a small ledger of its own below its state. */
  readonly folder: DataFolder;
  readonly workspaceRoot: string;
  readonly environment: Environment;
  /** The worker, as the rows of its windows name it. */
  readonly machine: Machine;
  readonly history: (claim: Claim) => Promise<readonly FileRows[]>;
  readonly say: (sentence: string) => void;
  readonly atOnce: AbortSignal;
  /** Opens what works the window; by default its provider's agent behind a proxy. */
  readonly openWorker?: OpenWorker | undefined;
}

export type OpenWorker = (
  session: Session,
) => Promise<{ readonly worker: WindowWorker; close(): Promise<void> }>;

/** What the shared ledger gets of a claim whose work is not final: what was spent, and no end. */
const SPENDING: readonly LedgerFile[] = ["proxy_telemetry", "budgets", "anomalies"];
/** Rows that say on which machine a window was worked. */
const PLACED = new Set(["window_opened", "window_interrupted", "window_finalized"]);
const CLAIM_FILE = "claim.json";
/** Held by the process that works the claim. */
const LOCK_FILE = "lock";
const NEVER = new AbortController().signal;

/**
 * Opens the attempt of a claim. Its rows are kept in a ledger of this machine first, which outlives a kill
 * and a database that is away, and are handed to the shared one together.
 */
export async function openAttempt(claim: Claim, parts: DeskParts): Promise<ClaimedAttempt> {
  const history = await parts.history(claim);
  const desk = await Desk.open(claim, parts);
  for (const { file, rows } of history) await desk.store.append(file, rows);
  const known = new Set(history.flatMap(({ rows }) => rows.map(({ id }) => id)));
  return await begin(desk, known);
}

/** Hands over what earlier processes of this worker have spent and could not say. */
export function findLeftClaims(parts: DeskParts): readonly LeftClaim[] {
  const folder = claimsFolder(parts.folder);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => {
    const file = path.join(folder, name, CLAIM_FILE);
    if (!existsSync(file) || !isFree(path.join(folder, name, LOCK_FILE))) return [];
    const claim: Claim = JSON.parse(readFileSync(file, "utf8"));
    return [{ claim, open: async () => await openLeft(claim, parts) }];
  });
}

export interface LeftClaim {
  readonly claim: Claim;
  readonly open: () => Promise<Pick<ClaimedAttempt, "late" | "leave" | "discard">>;
}

async function openLeft(claim: Claim, parts: DeskParts) {
  const desk = await Desk.open(claim, parts);
  return {
    late: async () => await desk.late(new Set()),
    leave: async () => await desk.leave(),
    discard: async () => await desk.discard(),
  };
}

async function begin(desk: Desk, known: ReadonlySet<string | undefined>): Promise<ClaimedAttempt> {
  const session = await desk.openSession();
  const { run, journal } = session;
  await recoverAttempts({
    view: run.view,
    journal,
    configuration: run.experiment.configuration,
    telemetry: desk.store.read("proxy_telemetry"),
    nowMs: run.environment.clock.nowMs(),
  });
  const recovered = desk.rows(known, LEDGER_FILES);
  const final = finalOf(run.view, desk.claim.job.planned.window);
  if (final !== undefined) {
    return overAttempt({ rows: recovered, output: outputOf(final) }, async () => {
      session.counter.close();
      await desk.discard();
    });
  }
  const recorder = createRecorder(session, desk.claim.executedOrder - 1);
  const opened = await desk.openWorker(session);
  const { worker } = opened;
  const order: AttemptOrder = await recorder.open(desk.claim.job.planned, worker);
  await journal.settled();
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await opened.close();
    session.counter.close();
  };
  return {
    opening: desk.rows(known, LEDGER_FILES),
    work: async (signal, began) => {
      const result = await worker.work(order, signal, began);
      await recorder.close(order, result, worker.methodology);
      await close();
      return {
        rows: desk.rows(known, LEDGER_FILES),
        spent: desk.spent(),
        output: outputOf(result),
      };
    },
    refuse: (room) => ({ rows: recovered, output: refusedOutput(room) }),
    late: async () => await desk.late(known),
    leave: async () => {
      await close();
      await desk.leave();
    },
    discard: async () => {
      await close();
      await desk.discard();
    },
  };
}

async function openAgent(session: Session): ReturnType<OpenWorker> {
  const traffic = new AttemptTraffic(session.run.environment.clock);
  const opened = await openSessionProxy(session, traffic);
  return {
    worker: createWorker(session, traffic, opened),
    close: async () => await opened.close(),
  };
}

interface OpenedDesk {
  readonly store: LedgerStore;
  readonly place: string;
  readonly unlock: () => void;
}

/** The small ledger of one claim. */
class Desk {
  readonly claim: Claim;
  readonly store: LedgerStore;
  readonly #parts: DeskParts;
  readonly #place: string;
  readonly #unlock: () => void;
  #isClosed = false;

  private constructor(claim: Claim, parts: DeskParts, opened: OpenedDesk) {
    this.claim = claim;
    this.#parts = parts;
    this.store = opened.store;
    this.#place = opened.place;
    this.#unlock = opened.unlock;
  }

  static async open(claim: Claim, parts: DeskParts): Promise<Desk> {
    createDataFolder(parts.folder);
    const place = path.join(claimsFolder(parts.folder), `${claim.id}.${String(claim.delivery)}`);
    makeFolder(place);
    const unlock = holdLock(path.join(place, LOCK_FILE));
    writeFileSync(path.join(place, CLAIM_FILE), JSON.stringify(claim));
    const store = await openJsonlStore({
      folder: path.join(place, "ledger"),
      clock: parts.environment.clock,
      agentId: agentIn(parts.environment) ?? "harness",
      toolVersion: toolVersion(),
      validate: validateRow,
    });
    return new Desk(claim, parts, { store, place, unlock });
  }

  /** The parts of a session that works this window alone. Overall budgets are the shared ledger's concern. */
  async openSession(): Promise<Session & { readonly counter: { close(): void } }> {
    const { environment, folder, experiment, say, atOnce } = this.#parts;
    const { experimentId, sessionId } = this.claim.job;
    const state = path.join(this.#place, "state");
    makeFolder(state);
    const place: DataFolder = { ...folder, state, ledger: path.join(this.#place, "ledger") };
    const view = openExperimentView(this.store, experimentId);
    const journal = openJournal(this.store, (row) => view.fold(row));
    const counter = await openCounter(place, environment.randomId(), journal);
    const configuration = withoutShared(experiment.configuration);
    const { clock } = environment;
    const { book, admission, others } = openBook({
      configuration,
      experimentId,
      journal,
      counter,
      clock,
      say,
    });
    return {
      run: {
        ...this.#parts,
        experiment: {
          ...experiment,
          configuration,
        },
        store: this.store,
        view,
        folder: place,
        observe: () => SILENT,
        recorder: null,
        replay: null,
        stopWhen: [],
        signal: NEVER,
        atOnce,
      },
      journal,
      book,
      others,
      admission,
      sessionId,
      counter,
      observer: SILENT,
    };
  }

  async openWorker(session: Session): ReturnType<OpenWorker> {
    const { openWorker = openAgent } = this.#parts;
    return await openWorker(session);
  }

  /** The rows that this claim has written, without those that were there before. */
  rows(known: ReadonlySet<string | undefined>, files: readonly LedgerFile[]): readonly FileRows[] {
    const { machine } = this.#parts;
    const { experimentId, planned } = this.claim.job;
    // What this machine's own ledger notices, such as a clock that was set back, is about this window too.
    const key = { experiment_id: experimentId, window: planned.window };
    return rowsOfClaim(this.store, known, files).map(({ file, rows }) => ({
      file,
      rows: rows.map((row) => {
        if (PLACED.has(row.record)) return { ...row, machine };
        return row["window"] === undefined ? { ...row, ...key } : row;
      }),
    }));
  }

  spent() {
    const { configuration } = this.#parts.experiment;
    const { experimentId } = this.claim.job;
    const { basis } = toLimits(configuration.budgets);
    const fold = new SpendingFold({ experimentId, basis, pricing: configuration.prices });
    return spentSoFar(this.store.read("budgets"), fold).overall;
  }

  async late(
    known: ReadonlySet<string | undefined>,
  ): Promise<Pick<EndedAttempt, "rows" | "spent">> {
    const { experimentId, planned } = this.claim.job;
    const journal = openJournal(this.store, () => undefined);
    const plan = { experimentId, sets: [] };
    await settleOrphans(this.store.read("budgets"), { plan, journal, otherwise: planned.command });
    const spent = this.spent();
    await journal.write("anomalies", [this.#claimLost(spent)]);
    return { rows: this.rows(known, SPENDING), spent };
  }

  #claimLost(spent: EndedAttempt["spent"]): NewRow {
    const { experimentId, planned } = this.claim.job;
    return {
      record: "anomaly_recorded",
      id: `claim-lost-${this.claim.id}-${String(this.claim.delivery)}`,
      experiment_id: experimentId,
      window: planned.window,
      kind: "claim-lost",
      touches: [planned.window],
      observed: { worker: this.#parts.machine.worker, tokens: spent.tokens, nano_usd: spent.usd },
      action: "The worker's agent was ended. What it spent is recorded, and its result is not.",
    };
  }

  async discard(): Promise<void> {
    if (this.#isClosed) return;
    await this.store.close();
    rmSync(this.#place, { recursive: true, force: true });
    await this.leave();
  }

  /** Closes it. Another process may open it again. */
  async leave(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.store.close();
    this.#unlock();
  }
}

function claimsFolder({ state }: Pick<DataFolder, "state">): string {
  return path.join(state, "claims");
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

const SILENT = {
  windowStarted: () => undefined,
  phaseBegan: () => undefined,
  settled: () => undefined,
  windowEnded: () => undefined,
  noted: () => undefined,
};
