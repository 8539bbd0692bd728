import { CheckpointMade } from "../domain/checkpoint-made.ts";
import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow, Row } from "../domain/row.ts";
import { Appender } from "./appender.ts";
import type { AppendRequest } from "./batch.ts";
import { checkRows, checkRowsFrom } from "./check-rows.ts";
import { checkpointRow, lastCheckpoint, refuseLostRows } from "./checkpoints.ts";
import { JsonlReader } from "./jsonl-reader.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { prepareRow } from "./prepared-row.ts";
import { quarantinedNames, tornTailAnomaly } from "./quarantine.ts";
import { bytesOf, startedFiles } from "./segments.ts";
import { IdConflictError, LedgerOverloadedError, StoreClosedError } from "./store-errors.ts";
import type {
  AppendOptions,
  Head,
  LedgerSnapshot,
  LedgerStore,
  Position,
  RowsSince,
  TakeLine,
} from "./store.ts";

type JsonlStoreParts = Omit<LedgerContext, "onAnomaly" | "onQuarantined" | "checkpointedBytes"> & {
  readonly validate?: (file: LedgerFile, newRow: NewRow) => void;
};

/** Checkpoints and anomalies come first, because they decide what may be mended elsewhere. */
const SETTLING_ORDER: readonly LedgerFile[] = [
  "checkpoints",
  "anomalies",
  ...LEDGER_FILES.filter((file) => file !== "checkpoints" && file !== "anomalies"),
];

/**
 * Each round writes rows that the one before caused: anomalies, checkpoints, and what their writing
 * finds.
 */
const CLOSING_ROUNDS_MAX = 100;

/** The chain of the checkpoints themselves binds each to those before it. */
const CHECKPOINTED = LEDGER_FILES.filter((file) => file !== "checkpoints");

/** A ledger of JSON lines in a folder of a local disk. */
export class JsonlStore implements LedgerStore {
  readonly ledgerId: string;
  readonly #parts: JsonlStoreParts;
  readonly #context: LedgerContext;
  readonly #reader: JsonlReader;
  readonly #appenders = new Map<LedgerFile, Appender>();
  /** Rows that the store writes by itself. */
  readonly #ownAppends = new Set<Promise<unknown>>();
  #checkpoint: CheckpointMade | undefined;
  #rowsSinceCheckpoint = 0;
  #queuedBytes = 0;
  #isSettled = false;
  #isClosed = false;
  #failure: Error | undefined;

  constructor(parts: JsonlStoreParts) {
    this.ledgerId = parts.ledgerId;
    this.#parts = parts;
    this.#context = {
      ...parts,
      onAnomaly: (anomaly) => this.#appendOwn("anomalies", anomaly),
      onQuarantined: (name) => {
        if (this.#isSettled) this.#recordTornTail(name);
      },
      checkpointedBytes: (file, segment) => this.#checkpointedBytes(file, segment),
    };
    this.#reader = new JsonlReader(parts);
  }

  /** Mends the end of every file that a crash tore. Refuses damage before it writes a row. */
  async settle(): Promise<void> {
    const started = startedFiles(this.#context);
    for (const file of SETTLING_ORDER) {
      if (!started.includes(file)) continue;
      await this.#appender(file).settle();
      if (file === "checkpoints") this.#checkpoint = lastCheckpoint(this.#context);
    }
    refuseLostRows(this.#context, this.#checkpoint);
    this.#checkRows(started);
    this.#isSettled = true;
    for (const name of quarantinedNames(this.#context)) this.#recordTornTail(name);
    await Promise.all(this.#ownAppends);
  }

  /** In a large ledger only the rows since the last checkpoint: the readers of the others check them. */
  #checkRows(files: readonly LedgerFile[]): void {
    const { checkedBytesMax } = this.#context.limits;
    const bytes = files.reduce((sum, file) => sum + bytesOf(this.#context, file), 0);
    if (bytes <= checkedBytesMax) {
      checkRows(this.#reader, files);
      return;
    }
    for (const file of files) checkRowsFrom(this.#reader, file, this.#checkpointed(file));
  }

  #checkpointed(file: LedgerFile): Position | undefined {
    const head = this.#checkpoint?.heads.find((known) => known.file === file);
    return head && { segment: head.segment, offset: head.bytes, h: head.h };
  }

  async append(
    file: LedgerFile,
    rows: readonly NewRow[],
    options: AppendOptions = {},
  ): Promise<readonly Row[]> {
    if (this.#isClosed) throw new StoreClosedError(this.#context.folder);
    return await this.#write(file, rows, options);
  }

  async #write(
    file: LedgerFile,
    rows: readonly NewRow[],
    options: AppendOptions = {},
  ): Promise<readonly Row[]> {
    const appended = await this.#enqueue(file, this.#request(file, rows, options));
    return file === "checkpoints" ? this.#remember(appended) : appended;
  }

  read(file: LedgerFile, take?: TakeLine): Iterable<Row> {
    return this.#reader.read(file, take);
  }

  readFrom(file: LedgerFile, position?: Position, take?: TakeLine): RowsSince {
    return this.#reader.readFrom(file, position, take);
  }

  async heads(): Promise<readonly Head[]> {
    if (this.#isClosed) throw new StoreClosedError(this.#context.folder);
    return await this.#headsOf(LEDGER_FILES);
  }

  snapshot(): LedgerSnapshot {
    return this.#reader.snapshot();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#ownAppends);
    this.#isClosed = true;
    await this.#runDry();
    const closings = await Promise.allSettled(
      [...this.#appenders.values()].map((appender) => appender.close()),
    );
    this.#failure ??= new StoreClosedError(this.#context.folder);
    for (const closing of closings) {
      if (closing.status === "rejected") throw closing.reason;
    }
  }

  /**
   * Waits until no file has work left. The last rows may find a torn tail or a clock that went
   * back, which become anomalies, or may cause a checkpoint, which asks every file for its end.
   */
  async #runDry(): Promise<void> {
    for (let round = 0; round < CLOSING_ROUNDS_MAX; round += 1) {
      const appenders = [...this.#appenders.values()];
      await Promise.all(appenders.map((appender) => appender.finish()));
      await Promise.allSettled(this.#ownAppends);
      if (this.#ownAppends.size === 0 && appenders.every(({ isIdle }) => isIdle)) return;
    }
  }

  #request(
    file: LedgerFile,
    rows: readonly NewRow[],
    { unless, sync = "now", isBrief = false }: AppendOptions,
  ): AppendRequest {
    let bytes = 0;
    const prepared = rows.map((row) => {
      this.#parts.validate?.(file, row);
      const next = prepareRow(file, row, this.#context);
      bytes += next.payload.length;
      return next;
    });
    return { rows: prepared, bytes, unless, sync, isBrief };
  }

  async #headsOf(files: readonly LedgerFile[]): Promise<readonly Head[]> {
    const onDisk = startedFiles(this.#context);
    // A file whose first rows are only queued is not on the disk yet.
    const started = files.filter((file) => onDisk.includes(file) || this.#appenders.has(file));
    const nothing = { rows: [], bytes: 0, unless: undefined, sync: "now" } as const;
    await Promise.all(started.map((file) => this.#enqueue(file, nothing)));
    return started.flatMap((file) => {
      const { head } = this.#appender(file);
      return head === undefined || head.seq === 0 ? [] : [head];
    });
  }

  #enqueue(file: LedgerFile, request: AppendRequest): Promise<readonly Row[]> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#refuseOverload(request.bytes);
    this.#queuedBytes += request.bytes;
    return this.#appender(file).append(request);
  }

  #refuseOverload(bytes: number): void {
    const { queuedBytesMax } = this.#context.limits;
    const waiting = this.#queuedBytes + bytes;
    if (this.#queuedBytes === 0 || waiting <= queuedBytesMax) return;
    throw new LedgerOverloadedError(this.#context.folder, { max: queuedBytesMax, waiting });
  }

  #appender(file: LedgerFile): Appender {
    const known = this.#appenders.get(file);
    if (known !== undefined) return known;
    const appender = new Appender(this.#context, file, {
      reader: this.#reader,
      poison: (error) => this.#stop(error),
      settled: (bytes, rows) => this.#settled(bytes, file === "checkpoints" ? 0 : rows),
    });
    this.#appenders.set(file, appender);
    return appender;
  }

  #stop(error: Error): void {
    this.#failure ??= error;
    for (const appender of this.#appenders.values()) appender.stop(error);
  }

  #appendOwn(file: LedgerFile, row: NewRow): void {
    const appended = this.#write(file, [row]).catch((error: unknown) => {
      // No caller waits for these rows. An error that keeps them off the disk stops the store. An
      // edited quarantine shows as a conflict, which "ledger verify" reports.
      if (!(error instanceof IdConflictError)) this.#stop(asError(error));
    });
    this.#ownAppends.add(appended);
    void appended.finally(() => this.#ownAppends.delete(appended));
  }

  #recordTornTail(name: string): void {
    const anomaly = tornTailAnomaly(this.#context, name);
    if (anomaly !== undefined) this.#appendOwn("anomalies", anomaly);
  }

  #checkpointedBytes(file: LedgerFile, segment: number): number {
    const head = this.#checkpoint?.heads.find((known) => known.file === file);
    return head?.segment === segment ? head.bytes : 0;
  }

  #remember(checkpoints: readonly Row[]): readonly Row[] {
    this.#checkpoint = CheckpointMade.safeParse(checkpoints.at(-1)).data ?? this.#checkpoint;
    this.#rowsSinceCheckpoint = 0;
    return checkpoints;
  }

  #settled(bytes: number, rows: number): void {
    this.#queuedBytes -= bytes;
    this.#rowsSinceCheckpoint += rows;
    if (this.#rowsSinceCheckpoint < this.#context.limits.checkpointEveryRows) return;
    this.#rowsSinceCheckpoint = 0;
    this.#makeCheckpoint();
  }

  #makeCheckpoint(): void {
    const made = this.#headsOf(CHECKPOINTED)
      .then((heads) => this.#write("checkpoints", [checkpointRow(this.ledgerId, heads)]))
      .catch(() => {
        // The next one will say as much; a failed sync has stopped the store already.
      });
    this.#ownAppends.add(made);
    void made.finally(() => this.#ownAppends.delete(made));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
