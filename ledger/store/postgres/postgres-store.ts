import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import type { ClientBase } from "pg";

import type { Clock } from "../../domain/clock.ts";
import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import { STORE_LIMITS } from "../ledger-context.ts";
import { rowIdMaker } from "../make-row-id.ts";
import { prepareRow, type PreparedRow } from "../prepared-row.ts";
import { StoreClosedError } from "../store-errors.ts";
import type {
  AppendOptions,
  AppendRule,
  Head,
  LedgerStore,
  Position,
  RowsSince,
  TakeLine,
} from "../store.ts";
import { Database, isOfConnection } from "./database.ts";
import { readHeads } from "./ledger-heads.ts";
import { type LedgerParts, LedgerTransaction } from "./ledger-transaction.ts";
import { Mirror } from "./mirror.ts";
import type { StoreAddress } from "./store-address.ts";

export interface PostgresStoreOptions {
  readonly address: StoreAddress;
  /** The folder of this machine's copy. */
  readonly folder: string;
  readonly clock: Clock;
  readonly agentId: string;
  readonly toolVersion: string;
  readonly makeId?: () => string;
  readonly validate?: (file: LedgerFile, newRow: NewRow) => void;
  readonly segmentBytesMax?: number;
  /** How long an append waits for a database that does not answer; one minute by default. */
  readonly waitMs?: number;
}

const RETRY_MS = 200;

/** Rows that one caller appends together, and the promise that it holds. */
interface Pending {
  readonly rows: readonly PreparedRow[];
  readonly unless: AppendRule | undefined;
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/** How one request of a batch ended. */
type Outcome = { readonly rows: readonly Row[] } | { readonly refusal: unknown };

/**
 * Opens the ledger of a database, prepares its schema first, and copies new rows to this machine.
 * @throws StoreUnreachableError, SchemaVersionError
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const makeId = options.makeId ?? rowIdMaker(options.clock);
  const database = new Database(options.address);
  try {
    await database.prepare(makeId);
    return await database.connected(async (client) => {
      const ledgerId = await readLedgerId(client);
      const mirror = await Mirror.open({ ...options, ledgerId }, client);
      const { segmentBytesMax = STORE_LIMITS.segmentBytesMax } = options;
      return new PostgresStore({ ...options, ledgerId, makeId, segmentBytesMax }, database, mirror);
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The id of the ledger in a prepared database. */
export async function readLedgerId(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ ledger_id: string }>(
    "select ledger_id from counterbalance.ledger",
  );
  return rows[0]?.ledger_id ?? "";
}

type StoreParts = LedgerParts & Pick<PostgresStoreOptions, "clock" | "validate" | "waitMs">;

/** A ledger in PostgreSQL. It is read from this machine's copy, which every append brings up to date. */
export class PostgresStore implements LedgerStore {
  readonly ledgerId: string;
  readonly database: Database;
  readonly parts: StoreParts;
  readonly #mirror: Mirror;
  readonly #queues = new Map<LedgerFile, Pending[]>();
  readonly #draining = new Map<LedgerFile, Promise<void>>();
  #isClosed = false;

  constructor(parts: StoreParts, database: Database, mirror: Mirror) {
    this.ledgerId = parts.ledgerId;
    this.parts = parts;
    this.database = database;
    this.#mirror = mirror;
  }

  append(
    file: LedgerFile,
    rows: readonly NewRow[],
    { unless }: AppendOptions = {},
  ): Promise<readonly Row[]> {
    if (this.#isClosed) {
      return Promise.reject(
        new StoreClosedError(
          `${this.database.address.shown}: expected an open ledger, got one that was closed. Open it again before appending.`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const prepared = rows.map((row) => {
        this.parts.validate?.(file, row);
        return prepareRow(file, row, this.parts);
      });
      const queue = this.#queues.get(file) ?? [];
      this.#queues.set(file, queue);
      queue.push({ rows: prepared, unless, resolve, reject });
      if (!this.#draining.has(file)) this.#draining.set(file, this.#drain(file, queue));
    });
  }

  read(file: LedgerFile, take?: TakeLine): Iterable<Row> {
    return this.#mirror.reader.read(file, take);
  }

  readFrom(file: LedgerFile, position?: Position, take?: TakeLine): RowsSince {
    return this.#mirror.reader.readFrom(file, position, take);
  }

  /** Copies the rows that other processes have written meanwhile. */
  async refresh(): Promise<void> {
    await this.database.connected(async (client) => await this.#mirror.catchUp(client));
  }

  async heads(): Promise<readonly Head[]> {
    await this.#drained();
    const heads = await this.database.connected(readHeads);
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
      // A rule reads the copy, which gets the rows of a transaction when it is over.
      const next = queue.findIndex(({ unless }, index) => index > 0 && unless !== undefined);
      const batch = queue.splice(0, next === -1 ? queue.length : next);
      try {
        const outcomes = await this.#commit(file, batch);
        for (const [index, { resolve, reject }] of batch.entries()) {
          const outcome = outcomes[index];
          if (outcome !== undefined && "rows" in outcome) resolve(outcome.rows);
          else reject(outcome?.refusal);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#draining.delete(file);
  }

  /** Tries again while the database does not answer: with the same ids, so that no row comes twice. */
  async #commit(file: LedgerFile, batch: readonly Pending[]): Promise<readonly Outcome[]> {
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
  ): Promise<readonly Outcome[]> {
    const { outcomes, written } = await this.database.transaction(async (client) => {
      const ledger = await LedgerTransaction.open(client, this.parts, [file]);
      // A rule may read every file.
      if (batch.some(({ unless }) => unless !== undefined)) await this.#mirror.catchUp(client);
      else await this.#mirror.catchUpTo(client, file, ledger.headOf(file));
      const results: Outcome[] = [];
      for (const { rows, unless } of batch) {
        const refusal = unless === undefined ? undefined : this.#judge(unless);
        if (refusal !== undefined) results.push({ refusal });
        else results.push(await takeRows(ledger, { file, rows, isRepeated }));
      }
      return { outcomes: results, written: await ledger.flush() };
    });
    for (const [name, lines] of written) await this.#mirror.add(name, lines);
    return outcomes;
  }

  /** Asks a rule. If the rule throws, its own append fails and no other. */
  #judge(unless: AppendRule): unknown {
    try {
      return unless(this.#mirror.reader);
    } catch (error) {
      return error ?? new Error("A rule threw nothing.");
    }
  }
}

interface Taking {
  readonly file: LedgerFile;
  readonly rows: readonly PreparedRow[];
  readonly isRepeated: boolean;
}

async function takeRows(
  ledger: LedgerTransaction,
  { file, rows, isRepeated }: Taking,
): Promise<Outcome> {
  try {
    return await ledger.take(file, rows, isRepeated);
  } catch (error) {
    if (isOfConnection(error)) throw error;
    return { refusal: error };
  }
}
