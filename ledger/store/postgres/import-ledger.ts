import type { ClientBase } from "pg";

import { UsageError } from "../../domain/errors.ts";
import { LEDGER_FILES, type LedgerFile } from "../../domain/ledger-file.ts";
import type { LedgerFolder } from "../file-system.ts";
import { parseLine } from "../last-row.ts";
import { genesisOf } from "../ledger-header.ts";
import { LineCursor, wholeOf } from "../line-cursor.ts";
import { hashIfNext } from "../row-line.ts";
import { listSegments, openSegment } from "../segments.ts";
import { withDatabase } from "./database.ts";
import { lockHeads, readHeads } from "./ledger-heads.ts";
import { insertRows, type NewLine } from "./ledger-rows.ts";
import { readLedgerId } from "./postgres-store.ts";
import { type SeenHead, SeenHeads } from "./seen-heads.ts";
import type { StoreAddress } from "./store-address.ts";

/** The database has rows, or another ledger. */
class StoreNotEmptyError extends UsageError {}

/** A ledger of files whose damage was refused. */
export interface ImportedLedger extends LedgerFolder {
  readonly ledgerId: string;
}

const ROWS_A_QUERY = 1_000;
const BYTES_A_QUERY = 4 * 1_048_576;

/**
 * Puts a ledger of files into an empty database, byte for byte, in one transaction. Returns how many
 * rows it has.
 * @throws StoreNotEmptyError, StoreFailedError, LedgerVersionError
 */
export async function importLedger(address: StoreAddress, source: ImportedLedger): Promise<number> {
  return await withDatabase(address, async (database) => {
    await database.prepare(() => source.ledgerId);
    return await database.transaction(async (client) => {
      await refuseRows(client, address, source);
      let rows = 0;
      for (const file of LEDGER_FILES) rows += await new FileImport(client, source, file).run();
      return rows;
    });
  });
}

async function refuseRows(
  client: ClientBase,
  { shown }: StoreAddress,
  { ledgerId }: ImportedLedger,
): Promise<void> {
  await lockHeads(client, LEDGER_FILES, new SeenHeads());
  const there = await readLedgerId(client);
  const { size } = await readHeads(client);
  if (there === ledgerId && size === 0) return;
  const what = there === ledgerId ? "one with rows" : `one with the ledger ${there}`;
  throw new StoreNotEmptyError(
    `${shown}: expected an empty database to import the ledger ${ledgerId}, got ${what}. Nothing was written. Make a new database.`,
  );
}

/** Inserts the rows of one file. */
class FileImport {
  readonly #client: ClientBase;
  readonly #source: ImportedLedger;
  readonly #file: LedgerFile;
  #last: SeenHead;
  #lines: NewLine[] = [];
  #bytes = 0;

  constructor(client: ClientBase, source: ImportedLedger, file: LedgerFile) {
    this.#client = client;
    this.#source = source;
    this.#file = file;
    this.#last = { seq: 0, h: genesisOf(source.ledgerId, file) };
  }

  async run(): Promise<number> {
    const { active } = listSegments(this.#source, this.#file);
    for (let segment = 1; segment <= active; segment += 1) {
      const fd = openSegment(this.#source, { file: this.#file, segment });
      if (fd === undefined) continue;
      try {
        await this.#insertSegment(fd, segment);
      } finally {
        this.#source.fileSystem.close(fd);
      }
    }
    return this.#last.seq;
  }

  async #insertSegment(fd: number, segment: number): Promise<void> {
    const { fileSystem } = this.#source;
    const cursor = new LineCursor(fileSystem, wholeOf(fileSystem, fd));
    while (cursor.next()) {
      const line = cursor.bytes.toString("utf8", cursor.start, cursor.end);
      // A torn write at the end is not a row.
      if (line !== "" && !this.#take(line, segment)) break;
      if (this.#lines.length >= ROWS_A_QUERY || this.#bytes >= BYTES_A_QUERY) await this.#insert();
    }
    await this.#insert();
  }

  /** Takes a line that is the next row; false if it is not a row. */
  #take(line: string, segment: number): boolean {
    const h = hashIfNext(line, this.#last);
    if (h === undefined) return false;
    const row = parseLine(this.#file, line);
    this.#lines.push({ seq: row.seq, segment, line, row });
    this.#bytes += Buffer.byteLength(line) + 1;
    this.#last = { seq: row.seq, h };
    return true;
  }

  async #insert(): Promise<void> {
    if (this.#lines.length > 0) await insertRows(this.#client, this.#file, this.#lines);
    this.#lines = [];
    this.#bytes = 0;
  }
}
