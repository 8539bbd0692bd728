import { setImmediate as nextTurn } from "node:timers/promises";

import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { ActiveSegment, type Tail } from "./active-segment.ts";
import { type AppendRequest, Batch, type BatchParts } from "./batch.ts";
import { explainFailure } from "./explain-failure.ts";
import { KnownRows } from "./known-rows.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { LedgerSyncFailedError } from "./store-errors.ts";
import type { Head, LedgerReader } from "./store.ts";
import { unknownOutcome } from "./sync.ts";

const BATCH_BYTES_MAX = 4 * 1_048_576;
/** Of a row without its payload. */
const ENVELOPE_BYTES = 400;

/** A request and the promise that its caller holds. */
interface Pending {
  readonly request: AppendRequest;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Written {
  readonly pending: Pending;
  readonly rows: readonly Row[];
}

interface WrittenBatch {
  readonly written: readonly Written[];
  readonly start: Tail;
  readonly tail: Tail;
}

/**
 * Writes one file for one process. What is handed in while a batch is on its way to the disk makes the
 * next batch: no timer, one write and one sync however many callers wait.
 */
export class Appender {
  readonly #parts: BatchParts;
  readonly #poison: (error: LedgerSyncFailedError) => void;
  #queue: Pending[] = [];
  #draining: Promise<void> | undefined;
  #head: Head | undefined;
  #failure: Error | undefined;

  constructor(
    context: LedgerContext,
    file: LedgerFile,
    parts: {
      readonly reader: LedgerReader;
      readonly poison: (error: LedgerSyncFailedError) => void;
    },
  ) {
    const segment = new ActiveSegment(context, file);
    const known = new KnownRows(context, file);
    this.#parts = { context, file, segment, known, reader: parts.reader };
    this.#poison = parts.poison;
  }

  /** The last row known to be durable. */
  get head(): Head | undefined {
    return this.#head;
  }

  append(request: AppendRequest): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#queue.push({ request, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Opens the file, and mends its end where a crash tore it. */
  async settle(): Promise<void> {
    await this.#parts.segment.locked(() => undefined);
  }

  /** Takes no more rows, and gives back those that wait. */
  stop(error: Error): void {
    this.#failure ??= error;
    const queued = this.#queue;
    this.#queue = [];
    for (const { reject } of queued) reject(error);
  }

  async close(): Promise<void> {
    await this.#draining;
    this.#parts.segment.close();
  }

  /** Never rejects: whatever goes wrong is told to the callers whose rows it concerns. */
  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Lets every caller that is about to append do so before the batch is closed.
      await nextTurn();
      const batch = this.#takeBatch();
      if (batch.length === 0) break;
      try {
        await this.#appendBatch(batch);
      } catch (error) {
        if (error instanceof LedgerSyncFailedError) this.#poison(error);
        const failure = explainFailure(this.#parts.file, error);
        for (const { reject } of batch) reject(failure);
      }
    }
    this.#draining = undefined;
  }

  #takeBatch(): readonly Pending[] {
    let bytes = 0;
    let count = 0;
    for (const { request } of this.#queue) {
      if (count > 0 && bytes >= BATCH_BYTES_MAX) break;
      for (const row of request.rows) bytes += row.payload.length + ENVELOPE_BYTES;
      count += 1;
    }
    const batch = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    return batch;
  }

  async #appendBatch(batch: readonly Pending[]): Promise<void> {
    const { segment, file } = this.#parts;
    const { written, start, tail } = await segment.locked((end) => this.#write(batch, end));
    try {
      await segment.sync();
    } catch (error) {
      await segment.takeBack(start, tail).catch(() => undefined);
      throw unknownOutcome(
        `${file}.jsonl: expected the disk to keep the last rows, but the sync failed`,
        error,
      );
    }
    this.#head = { file, segment: tail.segment, seq: tail.seq, h: tail.h, bytes: tail.size };
    for (const { pending, rows } of written) pending.resolve(rows);
  }

  #write(pendings: readonly Pending[], start: Tail): WrittenBatch {
    const written: Written[] = [];
    try {
      const batch = new Batch(this.#parts, start);
      for (const pending of pendings) {
        const outcome = batch.take(pending.request);
        if ("rows" in outcome) written.push({ pending, rows: outcome.rows });
        else pending.reject(outcome.refusal);
      }
      const tail = batch.write();
      batch.sealIfFull();
      return { written, start, tail };
    } catch (error) {
      this.#parts.known.forget();
      // With an unknown outcome the name may have moved on already: nothing is cut then.
      if (!(error instanceof LedgerSyncFailedError)) this.#parts.segment.cutBackTo(start.size);
      throw error;
    }
  }
}
