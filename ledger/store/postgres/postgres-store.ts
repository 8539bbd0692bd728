import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import type { ClientBase } from "pg";

import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import { judge } from "../batch.ts";
import { STORE_LIMITS } from "../ledger-context.ts";
import { rowIdMaker } from "../make-row-id.ts";
import type { JsonlStoreOptions } from "../open-jsonl-store.ts";
import { prepareRow, type PreparedRow } from "../prepared-row.ts";
import {
  explainFailure,
  IdConflictError,
  LedgerOverloadedError,
  StoreClosedError,
} from "../store-errors.ts";
import type {
  AppendOptions,
  AppendRule,
  Head,
  LedgerSnapshot,
  LedgerStore,
  Position,
  RowsSince,
  TakeLine,
} from "../store.ts";
import { Database } from "./database.ts";
import { readHeads } from "./ledger-heads.ts";
import type { StoredLine } from "./ledger-rows.ts";
import { type LedgerParts, LedgerTransaction } from "./ledger-transaction.ts";
import { Mirror } from "./mirror.ts";
import { SeenHeads } from "./seen-heads.ts";
import type { StoreAddress } from "./store-address.ts";
import { explainLostAppend, explainStoreFailure, isOfConnection } from "./store-failure.ts";

/** The folder is that of this machine's copy. */
export interface PostgresStoreOptions extends Omit<JsonlStoreOptions, "limits" | "fileSystem"> {
  readonly address: StoreAddress;
  readonly segmentBytesMax?: number;
  /** How long an append waits for a database that does not answer; one minute by default. */
  readonly waitMs?: number;
}

const RETRY_MS = 200;
const BATCH_BYTES_MAX = 4 * 1_048_576;
/** Estimated size of a row without its payload. */
const ENVELOPE_BYTES = 400;

/** Rows that one caller appends together, and the promise that it holds. */
interface Pending {
  readonly rows: readonly PreparedRow[];
  /** Total size of the payloads. */
  readonly bytes: number;
  readonly unless: AppendRule | undefined;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/** How one request of a batch ended. */
type Answer = { readonly rows: readonly Row[] } | { readonly refusal: unknown };

/**
 * Opens the ledger of a database, prepares its schema first, and copies new rows to this machine.
 * @throws StoreFailedError, SchemaVersionError, StoreDamagedError
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const makeId = options.makeId ?? rowIdMaker(options.clock);
  const database = new Database(options.address);
  try {
    await database.prepare(makeId);
    return await database.connected(async (client) => {
      const ledgerId = await readLedgerId(client);
      const seen = new SeenHeads();
      const mirror = await Mirror.open({ ...options, ledgerId, seen }, client);
      const { segmentBytesMax = STORE_LIMITS.segmentBytesMax } = options;
      const parts = { ...options, ledgerId, makeId, segmentBytesMax, seen };
      return new PostgresStore(parts, database, mirror);
    });
  } catch (error) {
    await database.close();
    throw explainStoreFailure(options.address, error);
  }
}

/** The id of the ledger in a prepared database. */
export async function readLedgerId(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ ledger_id: string }>(
    "select ledger_id from counterbalance.ledger",
  );
  return rows[0]?.ledger_id ?? "";
}

interface StoreParts
  extends LedgerParts, Pick<PostgresStoreOptions, "clock" | "validate" | "waitMs"> {
  readonly ledgerId: string;
}

/** A ledger in PostgreSQL. It is read from this machine's copy, which every append brings up to date. */
export class PostgresStore implements LedgerStore {
  readonly ledgerId: string;
  readonly database: Database;
  readonly parts: StoreParts;
  readonly #mirror: Mirror;
  readonly #queues = new Map<LedgerFile, Pending[]>();
  readonly #draining = new Map<LedgerFile, Promise<void>>();
  /** Rows that the store writes by itself. */
  readonly #ownAppends = new Set<Promise<unknown>>();
  /** Why the copy lacks rows that are durable. */
  #behind: Error | undefined;
  #queuedBytes = 0;
  #isClosed = false;

  constructor(parts: StoreParts, database: Database, mirror: Mirror) {
    this.ledgerId = parts.ledgerId;
    this.parts = parts;
    this.database = database;
    this.#mirror = mirror;
  }

  async append(
    file: LedgerFile,
    rows: readonly NewRow[],
    options: AppendOptions = {},
  ): Promise<readonly Row[]> {
    if (this.#isClosed) throw new StoreClosedError(this.database.address.shown);
    return await this.#enqueue(file, rows, options);
  }

  #enqueue(
    file: LedgerFile,
    rows: readonly NewRow[],
    { unless }: AppendOptions = {},
  ): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      const prepared = rows.map((row) => {
        this.parts.validate?.(file, row);
        return prepareRow(file, row, this.parts);
      });
      const bytes = prepared.reduce((sum, { payload }) => sum + payload.length, 0);
      this.#refuseOverload(bytes);
      this.#queuedBytes += bytes;
      const queue = this.#queues.get(file) ?? [];
      this.#queues.set(file, queue);
      queue.push({ rows: prepared, bytes, unless, resolve, reject });
      if (!this.#draining.has(file)) this.#draining.set(file, this.#drain(file, queue));
    });
  }

  read(file: LedgerFile, take?: TakeLine): Iterable<Row> {
    return this.readFrom(file, undefined, take).rows;
  }

  readFrom(file: LedgerFile, position?: Position, take?: TakeLine): RowsSince {
    if (this.#behind !== undefined) throw this.#behind;
    return this.#mirror.reader.readFrom(file, position, take);
  }

  snapshot(): LedgerSnapshot {
    if (this.#behind !== undefined) throw this.#behind;
    return this.#mirror.reader.snapshot();
  }

  /** Copies the rows that other processes have written meanwhile. */
  async refresh(): Promise<void> {
    await this.#connected(async (client) => await this.#catchUp(client));
  }

  async #connected<Value>(work: (client: ClientBase) => Promise<Value>): Promise<Value> {
    try {
      return await this.database.connected(work);
    } catch (error) {
      throw explainStoreFailure(this.database.address, error);
    }
  }

  async #catchUp(client: ClientBase): Promise<void> {
    await this.#mirror.catchUp(client);
    this.#behind = undefined;
  }

  #refuseOverload(bytes: number): void {
    const waiting = this.#queuedBytes + bytes;
    const { queuedBytesMax } = STORE_LIMITS;
    if (this.#queuedBytes === 0 || waiting <= queuedBytesMax) return;
    throw new LedgerOverloadedError(this.database.address.shown, { max: queuedBytesMax, waiting });
  }

  async heads(): Promise<readonly Head[]> {
    await this.#drained();
    const heads = await this.#connected(readHeads);
    return [...heads].map(([file, { segment, seq, h, segmentBytes: bytes }]) => ({
      file,
      segment,
      seq,
      h,
      bytes,
    }));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#drained();
    await Promise.all(this.#ownAppends);
    this.#mirror.close();
    await this.database.close();
  }

  async #drained(): Promise<void> {
    while (this.#draining.size > 0) await Promise.all(this.#draining.values());
  }

  /** Requests that arrive while a transaction runs share the next one. */
  async #drain(file: LedgerFile, queue: Pending[]): Promise<void> {
    while (queue.length > 0) {
      await nextTurn();
      const batch = takeBatch(queue);
      try {
        const answers = await this.#commit(file, batch);
        for (const [index, { resolve, reject }] of batch.entries()) {
          const answer = answers[index];
          if (answer !== undefined && "rows" in answer) resolve(answer.rows);
          else reject(answer?.refusal);
        }
      } catch (error) {
        const failure = explainFailure(file, explainLostAppend(this.database.address, error));
        for (const { reject } of batch) reject(failure);
      } finally {
        for (const { bytes } of batch) this.#queuedBytes -= bytes;
      }
    }
    this.#draining.delete(file);
  }

  /** Tries again while the database does not answer: with the same ids, so that no row comes twice. */
  async #commit(file: LedgerFile, batch: readonly Pending[]): Promise<readonly Answer[]> {
    const { clock, waitMs = STORE_LIMITS.lockWaitMs } = this.parts;
    const startedMs = clock.monotonicMs();
    for (let isRepeated = false; ; isRepeated = true) {
      try {
        return await this.#tryCommit(file, batch, isRepeated);
      } catch (error) {
        if (!isOfConnection(error) || clock.monotonicMs() - startedMs > waitMs) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  async #tryCommit(
    file: LedgerFile,
    batch: readonly Pending[],
    isRepeated: boolean,
  ): Promise<readonly Answer[]> {
    const { answers, written, anomaly, ledger } = await this.database.transaction(
      async (client) => {
        const opened = await LedgerTransaction.open(client, this.parts, [file]);
        const isRuled = batch.some(({ unless }) => unless !== undefined);
        // A rule may read every file.
        if (isRuled || this.#behind !== undefined) await this.#catchUp(client);
        else await this.#mirror.catchUpTo(client, file, opened.headOf(file));
        const results: Answer[] = [];
        for (const request of batch) {
          results.push(await this.#take(opened, { ...request, file, isRepeated }));
        }
        const clockFault = opened.clockAnomaly(file);
        const lines = await opened.flush();
        return { answers: results, written: lines, anomaly: clockFault, ledger: opened };
      },
    );
    ledger.committed();
    await this.#copy(written);
    if (anomaly !== undefined) this.#appendOwn("anomalies", anomaly);
    return answers;
  }

  /** The rows are durable, so that a disk of this machine that takes no copy is not a failure of theirs. */
  async #copy(written: ReadonlyMap<LedgerFile, readonly StoredLine[]>): Promise<void> {
    try {
      for (const [file, lines] of written) await this.#mirror.add(file, lines);
    } catch (error) {
      this.#behind = error instanceof Error ? error : new Error(String(error));
    }
  }

  async #take(
    ledger: LedgerTransaction,
    { file, rows, unless, isRepeated }: Taking,
  ): Promise<Answer> {
    // If an earlier try was committed and its answer was lost, a rule would refuse the same rows.
    const isThere = isRepeated && (await ledger.has(file, rows));
    const refusal = unless && !isThere ? judge(unless, this.#mirror.reader) : undefined;
    if (refusal !== undefined) return { refusal };
    try {
      return await ledger.take(file, rows, isRepeated);
    } catch (error) {
      if (!(error instanceof IdConflictError)) throw error;
      return { refusal: error };
    }
  }

  #appendOwn(file: LedgerFile, row: NewRow): void {
    // Nobody waits for it, and what is wrong with the database shows elsewhere.
    const appended = this.#enqueue(file, [row]).catch(() => undefined);
    this.#ownAppends.add(appended);
    void appended.finally(() => this.#ownAppends.delete(appended));
  }
}

interface Taking extends Pick<Pending, "rows" | "unless"> {
  readonly file: LedgerFile;
  readonly isRepeated: boolean;
}

/** A rule reads the copy, which gets the rows of a transaction when it is over: it comes first in its batch. */
function takeBatch(queue: Pending[]): readonly Pending[] {
  let bytes = 0;
  const end = queue.findIndex(({ unless, bytes: own, rows }, index) => {
    if (index > 0 && (unless !== undefined || bytes >= BATCH_BYTES_MAX)) return true;
    bytes += own + rows.length * ENVELOPE_BYTES;
    return false;
  });
  return queue.splice(0, end === -1 ? queue.length : end);
}
