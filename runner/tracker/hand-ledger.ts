import type { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import type { LedgerReader, LedgerStore, Position } from "../../ledger/store/store.ts";
import { ExperimentFold, type ExperimentView } from "../../ledger/views/experiment-view.ts";
import { readSince } from "./read-since.ts";
import { WindowBusyError } from "./tracker-errors.ts";

/** The files that hold windows worked by hand. */
const FILES = ["snapshots", "windows", "churn", "anomalies"] as const satisfies LedgerFile[];
export type HandFile = (typeof FILES)[number];

const TRIES_MAX = 5;

/** What is to be written, as the view stands; `undefined` rows where there is nothing to write. */
export interface WritePlan {
  readonly rows: readonly NewRow[];
}

/** Another process wrote between plan and lock: the plan is made again. */
class LedgerMovedError extends WindowBusyError {}

/** The ledger of windows worked by hand: planned on a view, judged again under the file's lock. */
export class HandLedger {
  readonly #store: LedgerStore;
  readonly #fold = new ExperimentFold(MANUAL_EXPERIMENT);
  readonly #positions = new Map<LedgerFile, Position>();

  constructor(store: LedgerStore) {
    this.#store = store;
    for (const file of FILES) this.#catchUp(store, file);
  }

  get view(): ExperimentView {
    return this.#fold;
  }

  /**
   * Makes a plan and writes it, unless the file moved in between: then the plan is made anew, since
   * what it was made from may be no longer true.
   */
  async write<Plan extends WritePlan>(
    file: HandFile,
    makePlan: (view: ExperimentView) => Plan,
  ): Promise<{ readonly plan: Plan; readonly written: readonly Row[] }> {
    for (let attempt = 1; attempt < TRIES_MAX; attempt += 1) {
      try {
        // Each try starts from what the one before it saw.
        // oxlint-disable-next-line no-await-in-loop
        return await this.#tryWrite(file, makePlan(this.view));
      } catch (error) {
        if (!(error instanceof LedgerMovedError)) throw error;
      }
    }
    return await this.#tryWrite(file, makePlan(this.view));
  }

  async #tryWrite<Plan extends WritePlan>(file: HandFile, plan: Plan) {
    if (plan.rows.length === 0) return { plan, written: [] };
    // The others are not locked, but what they hold by now is taken into account.
    const unless = (ledger: LedgerReader): CounterbalanceError | undefined =>
      FILES.map((each) => this.#catchUp(ledger, each)).includes(true)
        ? new LedgerMovedError(`${file}.jsonl: other agents keep writing there. Try again.`)
        : undefined;
    const written = await this.#store.append(file, plan.rows, { unless });
    for (const row of written) this.#fold.fold(row);
    return { plan, written };
  }

  /** Folds what is new in a file and says whether anything was. */
  #catchUp(ledger: LedgerReader, file: LedgerFile): boolean {
    const { rows, end } = readSince(ledger, file, this.#positions.get(file));
    let hasNew = false;
    for (const row of rows) {
      if (this.#fold.findRow(row.id) === undefined && isOurs(row)) hasNew = true;
      this.#fold.fold(row);
    }
    this.#positions.set(file, end);
    return hasNew;
  }
}

function isOurs(row: Row): boolean {
  return row["experiment_id"] === MANUAL_EXPERIMENT;
}
