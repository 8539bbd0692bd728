import { setImmediate as nextTurn } from "node:timers/promises";

import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { ActiveSegment, type Tail } from "./active-segment.ts";
import { type AppendRequest, Batch, type BatchParts, type TakenRow } from "./batch.ts";
import { KnownRows } from "./known-rows.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { explainFailure, LedgerSyncFailedError } from "./store-errors.ts";
import type { Head, LedgerReader } from "./store.ts";
import { syncFailure } from "./sync.ts";

const BATCH_BYTES_MAX = 4 * 1_048_576;
/** Estimated size of a row without its payload. */
const ENVELOPE_BYTES = 400;
/** Requests whose sync may be put off. */
const UNSYNCED_MAX = 256;

/** A request and the promise that its caller holds. */
interface Pending {
  readonly request: AppendRequest;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A request whose rows are in the file and wait for the sync. */
interface Written {
  readonly pending: Pending;
  readonly rows: readonly TakenRow[];
}

export interface AppenderParts {
  readonly reader: LedgerReader;
  /** Called when the disk can't be trusted any more. */
  readonly poison: (error: LedgerSyncFailedError) => void;
  /** Called when requests are off this appender's hands, whatever became of them. */
  readonly settled: (bytes: number, rows: number) => void;
}

/**
 * Writes one file for one process. Requests that arrive during a write form the next batch: without
 * a timer, any number of callers share one write and one sync.
 */
export class Appender {
  readonly #batchParts: BatchParts;
  readonly #parts: AppenderParts;
  #queue: Pending[] = [];
  #unsynced: Written[] = [];
  #draining: Promise<void> | undefined;
  #tail: Tail | undefined;
  #head: Head | undefined;
  /** End of the file before this store wrote to it. Other processes wrote the rows before it. */
  #found: Pick<Head, "segment" | "bytes"> | undefined;
  #failure: Error | undefined;

  constructor(context: LedgerContext, file: LedgerFile, parts: AppenderParts) {
    const segment = new ActiveSegment(context, file);
    const known = new KnownRows(context, file);
    this.#batchParts = { context, file, segment, known, reader: parts.reader };
    this.#parts = parts;
  }

  /** The last row known to be durable. */
  get head(): Head | undefined {
    return this.#head;
  }

  append(request: AppendRequest): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      const pending = { request, resolve, reject };
      if (this.#failure !== undefined) {
        this.#refuse([pending], this.#failure);
        return;
      }
      this.#queue.push(pending);
      this.#draining ??= this.#drain();
    });
  }

  /** Opens the file, and mends its end if a crash tore it. */
  async settle(): Promise<void> {
    try {
      await this.#batchParts.segment.locked(() => undefined);
    } catch (error) {
      if (error instanceof LedgerSyncFailedError) this.#distrust(error);
      throw error;
    }
  }

  /**
   * Refuses more rows and the waiting ones. Rows that are in the file but not synced are kept:
   * `close` still syncs them, unless it was a sync that failed.
   */
  stop(error: Error): void {
    this.#failure ??= error;
    const waiting = this.#queue;
    this.#queue = [];
    if (error instanceof LedgerSyncFailedError) {
      waiting.unshift(...this.#unsynced.map(({ pending }) => pending));
      this.#unsynced = [];
    }
    this.#refuse(waiting, error);
  }

  /** Nothing waits to be written or synced. */
  get isIdle(): boolean {
    return this.#draining === undefined && this.#unsynced.length === 0;
  }

  /** Writes and syncs all requests so far. */
  async finish(): Promise<void> {
    await this.#draining;
    if (this.#unsynced.length > 0) await this.#trySync();
  }

  async close(): Promise<void> {
    await this.finish();
    this.#batchParts.segment.close();
  }

  /** Never rejects: each error goes to the callers whose rows it concerns. */
  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Lets every caller that is about to append do so before the batch is closed.
      await nextTurn();
      await this.#tryWrite();
      if (this.#mustSync()) await this.#trySync();
    }
    this.#draining = undefined;
  }

  /** All requests that arrive before the lock is held go into one batch. */
  async #tryWrite(): Promise<void> {
    const { segment, file } = this.#batchParts;
    const waiting = this.#queue.length;
    let batch: readonly Pending[] | undefined;
    try {
      await segment.locked((start) => {
        batch = this.#takeBatch();
        this.#write(batch, start);
      });
    } catch (error) {
      if (error instanceof LedgerSyncFailedError) this.#distrust(error);
      this.#refuse(batch ?? this.#queue.splice(0, waiting), explainFailure(file, error));
    }
  }

  #takeBatch(): readonly Pending[] {
    let bytes = 0;
    let count = 0;
    for (const { request } of this.#queue) {
      if (count > 0 && bytes >= BATCH_BYTES_MAX) break;
      bytes += request.bytes + request.rows.length * ENVELOPE_BYTES;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  /** All of a batch or nothing of it; what a rule or an id forbids is refused by itself. */
  #write(pendings: readonly Pending[], start: Tail): void {
    const { segment, known } = this.#batchParts;
    this.#found ??= { segment: start.segment, bytes: start.size };
    const written: Written[] = [];
    const refused: (() => void)[] = [];
    try {
      const batch = new Batch(this.#batchParts, start);
      for (const pending of pendings) {
        const result = batch.take(pending.request);
        if ("rows" in result) written.push({ pending, rows: result.rows });
        else refused.push(() => this.#refuse([pending], result.refusal));
      }
      this.#tail = batch.write();
      batch.sealIfFull();
    } catch (error) {
      known.forget();
      // After a failed sync the file's name may already be that of the next segment, so nothing is cut.
      if (!(error instanceof LedgerSyncFailedError)) segment.cutBackTo(start.size);
      throw error;
    }
    for (const refuse of refused) refuse();
    for (const one of written) this.#unsynced.push(one);
  }

  #mustSync(): boolean {
    return (
      this.#unsynced.length >= UNSYNCED_MAX ||
      this.#unsynced.some(({ pending }) => pending.request.sync === "now")
    );
  }

  async #trySync(): Promise<void> {
    const { segment, file } = this.#batchParts;
    const synced = this.#unsynced;
    const tail = this.#tail;
    this.#unsynced = [];
    let answers: readonly (() => void)[] = [];
    try {
      const syncing = segment.sync();
      // The disk takes its time; the callers' rows are made meanwhile, and handed over after.
      answers = synced.map((one) => answerFor(one));
      await syncing;
    } catch (error) {
      const what = `${file}.jsonl: expected the disk to keep the last rows, but the sync failed`;
      const failure = syncFailure(what, error);
      this.#distrust(failure);
      this.#refuse(
        synced.map(({ pending }) => pending),
        failure,
      );
      return;
    }
    if (tail !== undefined) {
      this.#head = { file, segment: tail.segment, seq: tail.seq, h: tail.h, bytes: tail.size };
    }
    for (const { pending, rows } of synced) {
      this.#parts.settled(pending.request.bytes, rows.length);
    }
    for (const answer of answers) answer();
  }

  #refuse(pendings: readonly Pending[], error: unknown): void {
    for (const { request, reject } of pendings) {
      this.#parts.settled(request.bytes, 0);
      reject(error);
    }
  }

  /** Leaves word for the next start, and stops the store. */
  #distrust(error: LedgerSyncFailedError): void {
    try {
      this.#batchParts.segment.markSuspect(this.#head ?? this.#found);
    } catch {
      // A disk that takes no file will hardly have more than this go wrong unnoticed.
    }
    this.#parts.poison(error);
  }
}

/** Never throws: the sync under way has to be waited for. */
function answerFor({ pending: { request, resolve, reject }, rows: taken }: Written): () => void {
  try {
    const rows = taken.map((one) => (request.isBrief === true ? one.envelope : one.row));
    return () => resolve(rows);
  } catch (error) {
    return () => reject(error);
  }
}
