import type { Clock } from "../domain/clock.ts";
import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow, Row } from "../domain/row.ts";
import { Appender } from "./appender.ts";
import type { AppendRequest } from "./batch.ts";
import { CheckpointMade, checkpointRow } from "./checkpoint-made.ts";
import type { Damage } from "./damage.ts";
import { JsonlReader } from "./jsonl-reader.ts";
import { damageAt, lastCheckpoint } from "./last-checkpoint.ts";
import type { LedgerContext, StoreLimits } from "./ledger-context.ts";
import type { Folder } from "./ledger-header.ts";
import { prepareRow } from "./prepared-row.ts";
import { quarantinedNames, tornTailAnomaly } from "./quarantine.ts";
import { isStarted, listSegments } from "./segments.ts";
import { IdConflictError, LedgerOverloadedError, StoreClosedError } from "./store-errors.ts";
import type { AppendOptions, Head, LedgerStore, Position, RowsSince } from "./store.ts";

export interface JsonlStoreParts extends Folder {
  readonly ledgerId: string;
  readonly clock: Clock;
  readonly agentId: string;
  readonly toolVersion: string;
  readonly makeId: () => string;
  readonly limits: StoreLimits;
  readonly validate?: (file: LedgerFile, newRow: NewRow) => void;
  readonly onDamage?: (damage: Damage) => void;
}

/** The checkpoints and the anomalies come first: what they say decides what may be mended elsewhere. */
const SETTLING_ORDER: readonly LedgerFile[] = [
  "checkpoints",
  "anomalies",
  ...LEDGER_FILES.filter((file) => file !== "checkpoints" && file !== "anomalies"),
];

/** A ledger of JSON lines in a folder of a local disk. */
export class JsonlStore implements LedgerStore {
  readonly ledgerId: string;
  readonly #parts: JsonlStoreParts;
  readonly #context: LedgerContext;
  readonly #reader: JsonlReader;
  readonly #appenders = new Map<LedgerFile, Appender>();
  /** Rows that the store writes by itself. */
  readonly #ownAppends = new Set<Promise<unknown>>();
  readonly #damage = new Map<LedgerFile, Damage>();
  #checkpoint: CheckpointMade | undefined;
  #rowsSinceCheckpoint = 0;
  #queuedBytes = 0;
  #failure: Error | undefined;

  constructor(parts: JsonlStoreParts) {
    this.ledgerId = parts.ledgerId;
    this.#parts = parts;
    this.#context = {
      ...parts,
      onAnomaly: (anomaly) => this.#appendOwn("anomalies", anomaly),
      onQuarantined: (name) => this.#recordTornTail(name),
      checkpointedBytes: (file, segment) => this.#checkpointedBytes(file, segment),
    };
    this.#reader = new JsonlReader({ ...parts, knownDamage: (file) => this.#damage.get(file) });
  }

  /** Looks at the end of every file there is, mends it where a crash tore it, and holds it against the last checkpoint. */
  async settle(): Promise<void> {
    for (const file of SETTLING_ORDER) {
      if (!isStarted(listSegments(this.#context, file))) continue;
      await this.#appender(file).settle();
      if (file === "checkpoints") this.#checkpoint = lastCheckpoint(this.#context);
    }
    for (const head of this.#checkpoint?.heads ?? []) this.#noticeDamage(head);
    for (const name of quarantinedNames(this.#context)) this.#recordTornTail(name);
    await Promise.all(this.#ownAppends);
  }

  async append(
    file: LedgerFile,
    rows: readonly NewRow[],
    { unless }: AppendOptions = {},
  ): Promise<readonly Row[]> {
    const prepared = rows.map((row) => {
      this.#parts.validate?.(file, row);
      return prepareRow(file, row, this.#context);
    });
    const appended = await this.#enqueue(file, { rows: prepared, unless });
    this.#countForCheckpoint(file, appended);
    return appended;
  }

  read(file: LedgerFile): Iterable<Row> {
    return this.#reader.read(file);
  }

  readFrom(file: LedgerFile, position?: Position): RowsSince {
    return this.#reader.readFrom(file, position);
  }

  async heads(): Promise<readonly Head[]> {
    const started = LEDGER_FILES.filter((file) => isStarted(listSegments(this.#context, file)));
    await Promise.all(started.map((file) => this.#enqueue(file, { rows: [], unless: undefined })));
    return started.flatMap((file) => {
      const { head } = this.#appender(file);
      return head === undefined || head.seq === 0 ? [] : [head];
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#ownAppends);
    this.#failure ??= new StoreClosedError(
      `${this.#context.folder}: expected an open ledger, got one that was closed. Open it again before appending.`,
    );
    for (const appender of this.#appenders.values()) await appender.close();
  }

  async #enqueue(file: LedgerFile, request: AppendRequest): Promise<readonly Row[]> {
    if (this.#failure !== undefined) throw this.#failure;
    const bytes = request.rows.reduce((sum, { payload }) => sum + payload.length, 0);
    this.#refuseOverload(bytes);
    this.#queuedBytes += bytes;
    try {
      return await this.#appender(file).append(request);
    } finally {
      this.#queuedBytes -= bytes;
    }
  }

  #refuseOverload(bytes: number): void {
    const { queuedBytesMax } = this.#context.limits;
    if (this.#queuedBytes === 0 || this.#queuedBytes + bytes <= queuedBytesMax) return;
    throw new LedgerOverloadedError(
      `${this.#context.folder}: expected at most ${queuedBytesMax} bytes waiting to be written, got ${this.#queuedBytes + bytes}. ` +
        `Await appends before handing in more.`,
    );
  }

  #appender(file: LedgerFile): Appender {
    const known = this.#appenders.get(file);
    if (known !== undefined) return known;
    const poison = (error: Error): void => this.#stop(error);
    const appender = new Appender(this.#context, file, { reader: this.#reader, poison });
    this.#appenders.set(file, appender);
    return appender;
  }

  #stop(error: Error): void {
    this.#failure ??= error;
    for (const appender of this.#appenders.values()) appender.stop(error);
  }

  #appendOwn(file: LedgerFile, row: NewRow): void {
    const appended = this.append(file, [row]).catch((error: unknown) => {
      // Nobody waits for these rows. What keeps them off the disk stops the store; what was edited in
      // the quarantine shows as a conflict, and is for "ledger verify" to tell.
      if (!(error instanceof IdConflictError)) this.#stop(asError(error));
    });
    this.#ownAppends.add(appended);
    void appended.finally(() => this.#ownAppends.delete(appended));
  }

  #recordTornTail(name: string): void {
    const anomaly = tornTailAnomaly(this.#context, name);
    if (anomaly !== undefined) this.#appendOwn("anomalies", anomaly);
  }

  #noticeDamage(head: Head): void {
    const damage = damageAt(this.#context, head);
    if (damage === undefined) return;
    this.#damage.set(head.file, damage);
    this.#parts.onDamage?.(damage);
  }

  #checkpointedBytes(file: LedgerFile, segment: number): number {
    const head = this.#checkpoint?.heads.find((known) => known.file === file);
    return head?.segment === segment ? head.bytes : 0;
  }

  #countForCheckpoint(file: LedgerFile, rows: readonly Row[]): void {
    if (file === "checkpoints") {
      this.#checkpoint = CheckpointMade.safeParse(rows.at(-1)).data ?? this.#checkpoint;
      this.#rowsSinceCheckpoint = 0;
      return;
    }
    this.#rowsSinceCheckpoint += rows.length;
    if (this.#rowsSinceCheckpoint < this.#context.limits.checkpointEveryRows) return;
    this.#rowsSinceCheckpoint = 0;
    this.#makeCheckpoint();
  }

  #makeCheckpoint(): void {
    const made = this.heads()
      .then((heads) => this.append("checkpoints", [checkpointRow(this.ledgerId, heads)]))
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
