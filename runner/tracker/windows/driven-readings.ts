import { RowUndone } from "../../../ledger/domain/row-undone.ts";
import type { Row } from "../../../ledger/domain/row.ts";
import { SnapshotTaken } from "../../../ledger/domain/snapshot.ts";
import type { WindowReadings } from "../../../ledger/invariants/one-reading.ts";
import { readSince } from "../../../ledger/store/read-since.ts";
import type { AppendRule, LedgerReader, Position } from "../../../ledger/store/store.ts";
import { idOf, keyOf, type ManualWindow } from "./manual-window.ts";
import { judgePlace, type WantedPlace } from "./refuse-reading.ts";

/** The readings of the windows that `experiment run` works, by which the next reading is judged. */
export class DrivenReadings {
  readonly #experimentId: string;
  readonly #again: () => string;
  readonly #windows = new Map<string, WindowReadings>();
  #position: Position | undefined;

  /**
   * Reads all rows at once, so that later only new rows are read under the file's lock.
   * @param again - The command line that names the experiment.
   */
  constructor(experimentId: string, ledger: LedgerReader, again: () => string) {
    this.#experimentId = experimentId;
    this.#again = again;
    this.#catchUp(ledger);
  }

  /** Invariant 5 as a condition on the ledger right before the reading's row. */
  ruleFor(wanted: WantedPlace): AppendRule {
    return (ledger) => {
      this.#catchUp(ledger);
      return judgePlace(wanted, this.#readingsOf(wanted.key), this.#mend);
    };
  }

  readonly #mend = (): string => `Go on with the window's next attempt: ${this.#again()} --resume`;

  #readingsOf(key: ManualWindow): WindowReadings {
    return this.#windows.get(idOf(key)) ?? { before: undefined, after: undefined };
  }

  #catchUp(ledger: LedgerReader): void {
    const { rows, end } = readSince(ledger, "snapshots", this.#position);
    for (const row of rows) if (row["experiment_id"] === this.#experimentId) this.#take(row);
    this.#position = end;
  }

  #take(row: Row): void {
    const undone = RowUndone.safeParse(row);
    if (undone.success) this.#drop(undone.data.undoes);
    const taken = SnapshotTaken.safeParse(row);
    // A capture without a readable meter is not a reading.
    if (!taken.success || taken.data.meters.length === 0) return;
    const { captured_at: capturedAt = row.recorded_at, phase } = taken.data;
    const key = keyOf(taken.data);
    const readings = this.#readingsOf(key);
    this.#windows.set(idOf(key), { ...readings, [phase]: { id: row.id, capturedAt } });
  }

  #drop(id: string): void {
    for (const [key, { before, after }] of this.#windows) {
      this.#windows.set(key, {
        before: before?.id === id ? undefined : before,
        after: after?.id === id ? undefined : after,
      });
    }
  }
}
