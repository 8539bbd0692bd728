import type { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { RowUndone } from "../../ledger/domain/row-undone.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { SnapshotTaken } from "../../ledger/domain/snapshot.ts";
import type { ReadingPlace, WindowReadings } from "../../ledger/invariants/one-reading.ts";
import type { AppendRule, LedgerReader, Position } from "../../ledger/store/store.ts";
import type { HandWindow } from "./hand-window.ts";
import { readSince } from "./read-since.ts";
import { judgePlace, type WantedPlace } from "./refuse-reading.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

const MEND = "Go on with the window's next attempt: experiment run --resume";

/** The readings of an experiment's driven windows, as far as the next one is judged by them. */
export class DrivenReadings {
  readonly #experimentId: string;
  readonly #windows = new Map<string, Mutable<WindowReadings>>();
  #position: Position | undefined;

  /** Reads what there is, so that later only what is new is read under the file's lock. */
  constructor(experimentId: string, ledger: LedgerReader) {
    this.#experimentId = experimentId;
    this.#catchUp(ledger);
  }

  /** Invariant 5 as a condition on the ledger as it stands right before the reading's row. */
  ruleFor(wanted: WantedPlace): AppendRule {
    return (ledger): CounterbalanceError | undefined => {
      this.#catchUp(ledger);
      try {
        judgePlace(wanted, this.#readingsOf(wanted.key), MEND);
        return undefined;
      } catch (error) {
        if (error instanceof InvariantRefusedError) return error;
        throw error;
      }
    };
  }

  #readingsOf({ window, attempt, provider }: HandWindow): Mutable<WindowReadings> {
    const key = JSON.stringify([window, attempt, provider]);
    const readings = this.#windows.get(key) ?? { before: undefined, after: undefined };
    this.#windows.set(key, readings);
    return readings;
  }

  #catchUp(ledger: LedgerReader): void {
    const { rows, end } = readSince(ledger, "snapshots", this.#position);
    for (const row of rows) if (row["experiment_id"] === this.#experimentId) this.#take(row);
    this.#position = end;
  }

  #take(row: Row): void {
    const undone = RowUndone.safeParse(row);
    if (undone.success) return this.#drop(undone.data.undoes);
    const taken = SnapshotTaken.safeParse(row);
    // A capture of which nothing could be read is no reading.
    if (!taken.success || taken.data.meters.length === 0) return undefined;
    const { captured_at: capturedAt = row.recorded_at, phase } = taken.data;
    const place: ReadingPlace = { id: row.id, capturedAt };
    this.#readingsOf(taken.data)[phase] = place;
    return undefined;
  }

  #drop(id: string): void {
    for (const readings of this.#windows.values()) {
      if (readings.before?.id === id) readings.before = undefined;
      if (readings.after?.id === id) readings.after = undefined;
    }
  }
}
