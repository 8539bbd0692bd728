import { designOf, MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import type { LedgerReader, LedgerStore, Position } from "../../ledger/store/store.ts";
import { ExperimentFold } from "../../ledger/views/experiment-fold.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { readSince, tryAgain } from "./follow-ledger.ts";
import { WindowBusyError } from "./tracker-errors.ts";

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

  /** Plans rows and writes them. If the ledger changes before the write, it plans anew. */
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
        const isManual = designOf(row["experiment_id"]) === "manual";
        if (isManual && this.#fold.findRow(row.id) === undefined) hasNew = true;
        this.#fold.fold(row);
      }
      this.#positions.set(file, end);
    }
    return hasNew;
  }
}
