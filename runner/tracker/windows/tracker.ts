import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { canonicalSha256 } from "../../../ledger/domain/canonical-sha256.ts";
import type { Clock } from "../../../ledger/domain/clock.ts";
import { isManual, MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import { MAIN_AGENT } from "../../../ledger/domain/window.ts";
import { readSince } from "../../../ledger/store/read-since.ts";
import type { LedgerReader, LedgerStore, Position } from "../../../ledger/store/store.ts";
import { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { agentIn, type Environment } from "../../platform/environment/environment.ts";
import { removeIfPossible } from "./keep-capture.ts";
import { TrackerUsageError, WindowBusyError } from "./tracker-errors.ts";

/** What every operation on manual windows needs. */
export interface Tracker {
  readonly ledger: ManualLedger;
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  /** The author of the rows; its memory has a folder of its own. */
  readonly agent: string;
  /** How its rows come about. */
  readonly source: Row["source"];
  readonly clock: Clock;
}

/** The source is `alias` if a person's command writes the rows, which is the default. */
export function createTracker(
  parts: Omit<Tracker, "ledger" | "source"> & Partial<Pick<Tracker, "source">>,
): Tracker {
  const { store, folder, agent, source = "alias", clock } = parts;
  const ledger = new ManualLedger(store, { source, agent_id: agent });
  return { ledger, store, folder, agent, source, clock };
}

/** Writes the planned rows, which an undo without an id then finds as the agent's last. */
export async function writeAndRemember<Plan extends { readonly rows: readonly NewRow[] }>(
  { ledger, folder, agent }: Tracker,
  file: ManualFile,
  makePlan: (view: ExperimentView) => Plan,
): Promise<{ readonly plan: Plan; readonly written: readonly Row[] }> {
  const result = await ledger.write(file, makePlan);
  const ids = result.written.map(({ id }) => id);
  rememberRows(folder, agent, ids);
  return result;
}

/** The files with rows of manual windows. */
const FILES = ["snapshots", "windows", "churn", "anomalies"] as const satisfies LedgerFile[];
export type ManualFile = (typeof FILES)[number];

/** The ledger of manual windows. A write is planned on a view, which is checked again under the file's lock. */
export class ManualLedger {
  readonly #store: LedgerStore;
  readonly #author: Pick<Row, "source" | "agent_id">;
  readonly #fold = new ExperimentFold(MANUAL_EXPERIMENT);
  readonly #positions = new Map<LedgerFile, Position>();

  constructor(store: LedgerStore, author: Pick<Row, "source" | "agent_id">) {
    this.#store = store;
    this.#author = author;
    this.#catchUp(store);
  }

  get view(): ExperimentView {
    return this.#fold;
  }

  /** Reads the rows that other processes have written since. */
  refresh(): void {
    this.#catchUp(this.#store);
  }

  /** Plans rows and writes them. If the ledger changes before the write, it plans again. */
  async write<Plan extends { readonly rows: readonly NewRow[] }>(
    file: ManualFile,
    makePlan: (view: ExperimentView) => Plan,
  ): Promise<{ readonly plan: Plan; readonly written: readonly Row[] }> {
    return await tryAgain(async () => {
      const plan = makePlan(this.view);
      if (plan.rows.length === 0) return { plan, written: [] };
      const rows = plan.rows.map((row): NewRow => ({ ...this.#author, ...row }));
      // Only this file is locked, but new rows of the other files count too.
      const unless = (ledger: LedgerReader) =>
        this.#catchUp(ledger)
          ? new WindowBusyError(`${file}.jsonl: other agents keep writing there. Try again.`)
          : undefined;
      const written = await this.#store.append(file, rows, { unless });
      for (const row of written) this.#fold.fold(row);
      return { plan, written };
    });
  }

  /** Folds new rows and says whether there were any of manual windows. */
  #catchUp(ledger: LedgerReader): boolean {
    let hasNew = false;
    for (const file of FILES) {
      const { rows, end } = readSince(ledger, file, this.#positions.get(file));
      for (const row of rows) {
        if (isManual(row) && this.#fold.findRow(row.id) === undefined) hasNew = true;
        this.#fold.fold(row);
      }
      this.#positions.set(file, end);
    }
    return hasNew;
  }
}

const AGENT = /^[A-Za-z0-9][\w.-]{0,63}$/u;
const KEPT_MAX = 100;

const Written = z.array(z.string()).catch([]);

/**
 * `--agent`, otherwise `AGENT_ID`, otherwise `main`. An agent's name is also the name of its folder.
 * @throws TrackerUsageError that names the option or the variable that has another name.
 */
export function readAgent(
  option: string | undefined,
  environment: Pick<Environment, "variables">,
): string {
  const agent = option ?? agentIn(environment) ?? MAIN_AGENT;
  if (AGENT.test(agent)) return agent;
  throw new TrackerUsageError(
    `${option === undefined ? "AGENT_ID" : "--agent"}: expected up to 64 letters, digits, ".", "_" or "-", got ${JSON.stringify(agent)}. Write a name such as agent-1.`,
  );
}

/**
 * The ids of an agent's rows, last first. The agent's folder remembers them because the clock may jump,
 * so that the times of rows do not show their order. The ledger alone is the truth.
 */
export function rememberedRows(folder: DataFolder, agent: string): readonly string[] {
  try {
    const text = readFileSync(stateFile(folder, agent), "utf8");
    return Written.parse(JSON.parse(text)).toReversed();
  } catch {
    return [];
  }
}

/** Remembers rows. If it can't, it forgets all rows, and an undo goes by their times. */
export function rememberRows(folder: DataFolder, agent: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const file = stateFile(folder, agent);
  const draft = `${file}.${String(process.pid)}`;
  try {
    const before = rememberedRows(folder, agent).toReversed();
    const kept = [...before.filter((id) => !ids.includes(id)), ...ids].slice(-KEPT_MAX);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(draft, `${JSON.stringify(kept)}\n`);
    renameSync(draft, file);
  } catch {
    // The rows are in the ledger, so a full disk must not fail their command. A memory without the last
    // rows would let an undo take an earlier one.
    for (const each of [file, draft]) removeIfPossible(each);
  }
}

function stateFile({ state }: DataFolder, agent: string): string {
  return path.join(state, agent, "written.json");
}

const TRIES_MAX = 5;

/** Repeats a write that was planned on rows which another process has changed since. */
export async function tryAgain<Value>(write: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof WindowBusyError) || tries === TRIES_MAX) throw error;
    }
  }
}

const ID_CHARS = 32;
const GENERATIONS_MAX = 1000;

/** An id made from the content of a row, so that the same row is recognised. */
export function contentId(content: unknown): string {
  return canonicalSha256(content).slice(0, ID_CHARS);
}

/** The id of a row that may be written again after it was undone or corrected. */
export function livingId(
  view: ExperimentView,
  content: unknown,
): { readonly id: string; readonly isThere: boolean } {
  for (let generation = 0; generation < GENERATIONS_MAX; generation += 1) {
    const id = contentId({ content, generation });
    if (view.findRow(id) === undefined) return { id, isThere: false };
    if (view.isAlive(id)) return { id, isThere: true };
  }
  throw new Error(`The same row was undone ${GENERATIONS_MAX} times.`);
}
