import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { FailedError, reasonOf } from "../../../ledger/domain/errors.ts";
import { ENVELOPE_KEYS, type Row } from "../../../ledger/domain/row.ts";
import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { holdLock, isFree } from "../../platform/locks/hold-lock.ts";
import type { Journal } from "./journal.ts";

type StateFolder = Pick<DataFolder, "state">;
/** A reservation or a debit, when it was made, and by which process. */
export type CountedRow = BudgetEvent & { readonly recorded_at: string; readonly by?: string };

/** The counter can't be read or written, so it is unknown what is left. */
class BudgetCounterError extends FailedError {}

const LOCKED_MS_MAX = 5000;
const RETRY_MS = 0.05;
const NEWLINE = 10;
const PRESENCE = /^budget-counter-.*\.lock$/;
/** What a row of the counter and the same row of the ledger differ in. */
const ENVELOPE: ReadonlySet<string> = new Set([...ENVELOPE_KEYS, "by"]);

function presenceOf(name: string): string {
  return `budget-counter-${name}.lock`;
}

/**
 * The reservations and debits of all processes on a data folder, in the order of their decisions. Each
 * process decides under the lock of this file, after it has counted the rows of the others. The ledger
 * gets the same rows a moment later, and is the record: only rows that it lacks are needed from here.
 */
export class BudgetCounter {
  readonly #state: string;
  readonly #file: string;
  readonly #descriptor: number;
  readonly #release: () => void;
  readonly #presence: string;
  readonly #name: string;
  readonly #pause = new Int32Array(new SharedArrayBuffer(4));
  #position = 0;
  #isHeld = false;

  /** @param name differs from that of every other process. */
  constructor({ state }: StateFolder, name: string) {
    this.#state = state;
    this.#file = path.join(state, "budget-counter.jsonl");
    this.#name = name;
    this.#presence = presenceOf(name);
    this.#descriptor = nodeFileSystem.open(this.#file, "a+");
    this.#release = this.alone(() => holdLock(path.join(state, this.#presence)));
  }

  /** Runs work while no other process decides. Calls may be nested. */
  alone<Result>(work: () => Result): Result {
    if (this.#isHeld) return work();
    this.#lock();
    this.#isHeld = true;
    try {
      return work();
    } finally {
      this.#isHeld = false;
      nodeFileSystem.unlock(this.#descriptor);
    }
  }

  /** The rows since the last reading, without those that this process has written. Call it alone. */
  read(): readonly CountedRow[] {
    const text = this.#readNew();
    try {
      return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
    } catch {
      throw new BudgetCounterError(
        `${this.#file}: expected a JSON object in each line, got damage. Close every run and proxy of this folder, and remove the file: the ledger has its rows.`,
      );
    }
  }

  /** Adds a row. Call it alone, right after `read`. */
  write(row: CountedRow): void {
    this.#readNew();
    const bytes = Buffer.from(`${JSON.stringify({ ...row, by: this.#name })}\n`);
    try {
      const written = nodeFileSystem.write(this.#descriptor, bytes);
      if (written < bytes.length) throw new Error("the disk is full");
      this.#position += written;
    } catch (cause) {
      nodeFileSystem.truncate(this.#descriptor, this.#position);
      throw new BudgetCounterError(
        `${this.#file}: expected room for a row, got: ${reasonOf(cause)}. Make room and run again.`,
        { cause },
      );
    }
  }

  /** Empties the file if no other process needs it. */
  clear(): void {
    this.alone(() => {
      if (this.#readNew() !== "" || !this.isAlone()) return;
      nodeFileSystem.truncate(this.#descriptor, 0);
      this.#position = 0;
    });
  }

  /** Whether no other process uses the counter. */
  isAlone(): boolean {
    return this.alone(() =>
      readdirSync(this.#state)
        .filter((name) => PRESENCE.test(name) && name !== this.#presence)
        .every((name) => isFree(path.join(this.#state, name))),
    );
  }

  /** Whether a process still uses the counter. */
  isOpen(name: string): boolean {
    const presence = path.join(this.#state, presenceOf(name));
    return existsSync(presence) && !isFree(presence);
  }

  /** Lets the next reading begin at the first row. */
  rewind(): void {
    this.#position = 0;
  }

  close(): void {
    nodeFileSystem.close(this.#descriptor);
    this.#release();
  }

  #lock(): void {
    for (let waitedMs = 0; !nodeFileSystem.tryLock(this.#descriptor); waitedMs += RETRY_MS) {
      if (waitedMs > LOCKED_MS_MAX) {
        throw new BudgetCounterError(
          `${this.#file}: another process has held its lock for 5 seconds. End that process.`,
        );
      }
      // The lock is held for microseconds, and the decision must not wait for the event loop.
      Atomics.wait(this.#pause, 0, 0, RETRY_MS);
    }
  }

  /** Reads whole lines. A process that was killed while it wrote has decided nothing: its line is cut off. */
  #readNew(): string {
    const { size } = nodeFileSystem.stateOf(this.#descriptor);
    if (size <= this.#position) return "";
    const bytes = Buffer.alloc(size - this.#position);
    const read = nodeFileSystem.read(this.#descriptor, bytes, this.#position);
    const end = bytes.subarray(0, read).lastIndexOf(NEWLINE) + 1;
    this.#position += end;
    if (this.#position < size) nodeFileSystem.truncate(this.#descriptor, this.#position);
    return bytes.toString("utf8", 0, end);
  }
}

/**
 * Opens the counter of a data folder. If no other process uses it, the rows that a killed process could
 * not bring into the ledger are written there, and the counter starts again.
 */
export async function openCounter(
  folder: StateFolder,
  name: string,
  journal: Pick<Journal, "ledger" | "write">,
): Promise<BudgetCounter> {
  const counter = new BudgetCounter(folder, name);
  if (!counter.isAlone()) return counter;
  const lacking = new AheadRows(counter.alone(() => counter.read()));
  for (const row of lacking.isEmpty ? [] : journal.ledger.read("budgets")) lacking.take(row);
  // The store stamps the rows itself.
  const lost = lacking.rows().map((row) => ({ ...row, recorded_at: undefined, by: undefined }));
  await journal.write("budgets", lost);
  counter.clear();
  counter.rewind();
  return counter;
}

/** Rows that were counted before the ledger has shown them. Two processes may write equal rows. */
export class AheadRows {
  readonly #rows = new Map<string, BudgetEvent[]>();

  constructor(rows: readonly BudgetEvent[] = []) {
    for (const row of rows) this.add(row);
  }

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  add(row: BudgetEvent): void {
    const text = textOf(row);
    this.#rows.set(text, [...(this.#rows.get(text) ?? []), row]);
  }

  /** The counter's row for one of the ledger, if it was counted before. It is forgotten: the ledger shows it once. */
  take(row: Row): BudgetEvent | undefined {
    const text = textOf(row);
    const [equal, ...others] = this.#rows.get(text) ?? [];
    if (others.length > 0) this.#rows.set(text, others);
    else this.#rows.delete(text);
    return equal;
  }

  rows(): readonly BudgetEvent[] {
    return [...this.#rows.values()].flat();
  }
}

/** The content of a row without the store's envelope. */
function textOf(row: BudgetEvent | Row): string {
  const { record, ...fields } = row;
  const said = Object.entries(fields).filter(
    ([key, value]) => !ENVELOPE.has(key) && value !== undefined,
  );
  return `${record} ${JSON.stringify(said)}`;
}
