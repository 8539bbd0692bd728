import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import { timestampOf } from "../../domain/timestamp.ts";
import { genesisOf } from "../ledger-header.ts";
import { rowIdMaker } from "../make-row-id.ts";
import type { JsonlStoreOptions } from "../open-jsonl-store.ts";
import { isSameContent, prepareRow, type PreparedRow, stampRow } from "../prepared-row.ts";
import { IdConflictError, PositionLostError, StoreClosedError } from "../store-errors.ts";
import type {
  AppendOptions,
  Head,
  LedgerSnapshot,
  LedgerStore,
  Position,
  RowsSince,
} from "../store.ts";

export type MemoryStoreOptions = Pick<
  JsonlStoreOptions,
  "clock" | "agentId" | "toolVersion" | "makeId" | "validate"
>;

/** A ledger that lives as long as the process: for tests and for figures that need no file. */
export function createMemoryStore(options: MemoryStoreOptions): LedgerStore {
  return new MemoryStore(options);
}

class MemoryStore implements LedgerStore {
  readonly ledgerId: string;
  readonly #options: MemoryStoreOptions & { readonly makeId: () => string };
  readonly #rows = new Map<LedgerFile, Row[]>();
  readonly #rowsById = new Map<string, Row>();
  #isClosed = false;

  constructor(options: MemoryStoreOptions) {
    this.#options = { ...options, makeId: options.makeId ?? rowIdMaker(options.clock) };
    this.ledgerId = this.#options.makeId();
  }

  async append(
    file: LedgerFile,
    rows: readonly NewRow[],
    { unless }: AppendOptions = {},
  ): Promise<readonly Row[]> {
    if (this.#isClosed) {
      throw new StoreClosedError("Expected an open ledger, got one that was closed.");
    }
    const prepared = rows.map((row) => {
      this.#options.validate?.(file, row);
      return prepareRow(file, row, this.#options);
    });
    const refusal = unless?.(this);
    if (refusal !== undefined) throw refusal;
    return this.#stampAll(file, prepared);
  }

  read(file: LedgerFile): Iterable<Row> {
    return this.#rowsOf(file).slice();
  }

  readFrom(file: LedgerFile, position?: Position): RowsSince {
    const rows = this.#rowsOf(file);
    const offset = position?.offset ?? 0;
    if (offset > 0 && rows[offset - 1]?.h !== position?.h) {
      throw new PositionLostError(`${file}: expected ${offset} rows, got ${rows.length}.`);
    }
    const end = { segment: 1, offset: rows.length, h: rows.at(-1)?.h ?? this.#genesisOf(file) };
    return { rows: rows.slice(offset), end };
  }

  heads(): Promise<readonly Head[]> {
    const heads: Head[] = [];
    for (const [file, rows] of this.#rows) {
      const last = rows.at(-1);
      if (last !== undefined) {
        heads.push({ file, segment: 1, seq: last.seq, h: last.h, bytes: rows.length });
      }
    }
    return Promise.resolve(heads);
  }

  snapshot(): LedgerSnapshot {
    const copy = new MemoryStore(this.#options);
    for (const [file, rows] of this.#rows) copy.#rows.set(file, rows.slice());
    const ends = [...copy.#rows].flatMap(([file, rows]) => {
      const last = rows.at(-1);
      return last === undefined ? [] : [{ file, seq: last.seq, h: last.h }];
    });
    return {
      ledgerId: this.ledgerId,
      ends,
      read: (file) => copy.read(file),
      readFrom: (file, position) => copy.readFrom(file, position),
    };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  #rowsOf(file: LedgerFile): readonly Row[] {
    return this.#rows.get(file) ?? [];
  }

  #genesisOf(file: LedgerFile): string {
    return genesisOf(this.ledgerId, file);
  }

  #stampAll(file: LedgerFile, prepared: readonly PreparedRow[]): readonly Row[] {
    const known = new Map<string, Row>();
    const all = [...this.#rowsOf(file)];
    const rows = prepared.map((next) => {
      const existing = known.get(next.id) ?? this.#rowsById.get(`${file} ${next.id}`);
      if (existing !== undefined && !isSameContent(next, existing)) {
        throw new IdConflictError(file, next.id);
      }
      const row = existing ?? this.#stamp(next, all.at(-1) ?? { seq: 0, h: this.#genesisOf(file) });
      if (existing === undefined) all.push(row);
      known.set(row.id, row);
      return row;
    });
    for (const [id, row] of known) this.#rowsById.set(`${file} ${id}`, row);
    this.#rows.set(file, all);
    return rows;
  }

  #stamp(prepared: PreparedRow, last: Pick<Row, "seq" | "h">): Row {
    const recordedAt = timestampOf(this.#options.clock.nowMs());
    return stampRow(prepared, { seq: last.seq + 1, prev: last.h, recordedAt }).row;
  }
}
