import { rmSync } from "node:fs";
import path from "node:path";

import type { ClientBase } from "pg";

import type { Clock } from "../../domain/clock.ts";
import type { LedgerFile } from "../../domain/ledger-file.ts";
import { ActiveSegment, type Tail } from "../active-segment.ts";
import { checkRows } from "../check-rows.ts";
import { parseRow, SEGMENT_END } from "../envelope.ts";
import type { FileSystem, LedgerFolder } from "../file-system.ts";
import { JsonlReader } from "../jsonl-reader.ts";
import { STORE_LIMITS } from "../ledger-context.ts";
import { readLedgerId, readOrMakeLedgerId } from "../ledger-header.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { prepareFolder } from "../prepare-folder.ts";
import { QUARANTINE_NAME } from "../quarantine.ts";
import { hashIfNext, hashIn } from "../row-line.ts";
import { startedFiles } from "../segments.ts";
import { LedgerDamagedError, LedgerFolderError } from "../store-errors.ts";
import { type FileHead, readHeads } from "./ledger-heads.ts";
import { readLines, type StoredLine } from "./ledger-rows.ts";
import type { SeenHeads } from "./seen-heads.ts";
import type { StoreAddress } from "./store-address.ts";
import { StoreDamagedError } from "./store-failure.ts";

/** A copy that a crash of the machine spoils is damaged and copied again, so writes to it need not wait for the disk. */
const COPY_FILES: FileSystem = {
  ...nodeFileSystem,
  fdatasyncNow: () => undefined,
  syncFolder: () => undefined,
};

export interface MirrorParts {
  readonly address: StoreAddress;
  readonly folder: string;
  readonly ledgerId: string;
  readonly clock: Clock;
  readonly seen: SeenHeads;
}

/**
 * The rows of a store in files of this machine, byte for byte as a ledger of files would have them. All
 * reading takes place here. It can be deleted at any time: the next command copies it again. As long as it
 * is there, it shows whether the database has lost rows.
 */
export class Mirror {
  readonly reader: JsonlReader;
  readonly #parts: MirrorParts;
  readonly #place: LedgerFolder;
  readonly #segments = new Map<LedgerFile, ActiveSegment>();

  private constructor(parts: MirrorParts) {
    this.#parts = parts;
    const { folder, ledgerId } = parts;
    this.#place = { fileSystem: COPY_FILES, folder };
    this.reader = new JsonlReader({ fileSystem: COPY_FILES, folder, ledgerId });
  }

  /**
   * Opens the files of a store, and copies new rows to them. Damaged files are copied again.
   * @throws StoreDamagedError if the database lacks rows that were copied, or has changed rows.
   */
  static async open(parts: MirrorParts, client: ClientBase): Promise<Mirror> {
    const mirror = new Mirror(parts);
    prepareFolder(mirror.#place);
    try {
      await mirror.#settle(client);
      return mirror;
    } catch (error) {
      mirror.close();
      if (!(error instanceof LedgerDamagedError || error instanceof LedgerFolderError)) throw error;
    }
    rmSync(parts.folder, { recursive: true, force: true });
    const fresh = new Mirror(parts);
    prepareFolder(fresh.#place);
    await fresh.#settle(client);
    return fresh;
  }

  async #settle(client: ClientBase): Promise<void> {
    const { folder, ledgerId, address } = this.#parts;
    const there = readOrMakeLedgerId(this.#place, () => ledgerId);
    if (there !== ledgerId) throw otherLedger(address, folder);
    await this.#refuseLoss(client);
    await this.catchUp(client);
    // What an interrupted copy has left is in the database.
    rmSync(path.join(folder, QUARANTINE_NAME), { recursive: true, force: true });
    checkRows(this.reader, startedFiles(this.#place));
  }

  /** Copies the rows that the database has and the files lack. */
  async catchUp(client: ClientBase): Promise<void> {
    const { seen } = this.#parts;
    await client.query("select counterbalance.check_seen($1)", [JSON.stringify(seen)]);
    for (const [file, head] of await readHeads(client)) {
      await this.catchUpTo(client, file, head);
      seen.note(file, head);
    }
  }

  /** Copies the rows of a file up to its head. A file without rows is not made. */
  async catchUpTo(
    client: ClientBase,
    file: LedgerFile,
    { seq: upTo }: Pick<FileHead, "seq">,
  ): Promise<void> {
    const after = upTo === 0 ? 0 : await this.#lastSeqOf(file);
    let last = after;
    for await (const lines of readLines(client, file, { after, upTo })) {
      await this.add(file, lines);
      last = lines.at(-1)?.seq ?? last;
    }
    if (last < upTo) throw this.#lacking(file, last + 1);
  }

  /** Adds rows that follow those that are there. Another process may have added some of them. */
  async add(file: LedgerFile, lines: readonly StoredLine[]): Promise<void> {
    const segment = this.#segmentOf(file);
    let rest = lines;
    while (rest.length > 0) {
      rest = await segment.locked((tail) => {
        const fresh = rest.filter(({ seq }) => seq > tail.seq);
        const own = fresh.filter((line) => line.segment === fresh[0]?.segment);
        this.#check(file, own, tail);
        const row = parseRow(own.at(-1)?.line ?? "");
        if (row === undefined) return [];
        const newline = tail.needsNewline ? "\n" : "";
        segment.write(newline + own.map(({ line }) => `${line}\n`).join(""), {
          seq: row.seq,
          h: row.h,
          recordedAt: row.recorded_at,
          record: row.record,
        });
        if (row.record === SEGMENT_END) segment.seal();
        return fresh.slice(own.length);
      });
    }
  }

  close(): void {
    for (const segment of this.#segments.values()) segment.close();
    this.#segments.clear();
  }

  /** Refuses lines that are not what was written, so that no copy of a change spreads. */
  #check(file: LedgerFile, lines: readonly StoredLine[], { seq, h }: Tail): void {
    let last = { seq, h };
    for (const { line } of lines) {
      const own = hashIfNext(line, last);
      if (own === undefined) throw this.#lacking(file, last.seq + 1);
      last = { seq: last.seq + 1, h: own };
    }
  }

  /** Every file ends in a row that the database has in the same place. */
  async #refuseLoss(client: ClientBase): Promise<void> {
    for (const file of startedFiles(this.#place)) {
      const { seq, h } = await this.#segmentOf(file).locked((tail) => tail);
      if (seq === 0) continue;
      const { rows } = await client.query<{ line: string }>(
        "select line from counterbalance.ledger_rows where file = $1 and seq = $2",
        [file, seq],
      );
      if (hashIn(rows[0]?.line ?? "") !== h) throw this.#lacking(file, seq);
    }
  }

  #lacking(file: LedgerFile, seq: number): StoreDamagedError {
    const { address, folder } = this.#parts;
    return new StoreDamagedError(
      `${address.shown}: expected row ${seq} of ${file} as it was written, got none or another one. ` +
        `The database was restored from an older copy, or somebody has changed it with more rights than this program has. ` +
        `This machine's copy has the rows up to then: ${folder}. "experiment ledger verify" says more; restore a newer copy.`,
    );
  }

  async #lastSeqOf(file: LedgerFile): Promise<number> {
    return await this.#segmentOf(file).locked(({ seq }) => seq);
  }

  #segmentOf(file: LedgerFile): ActiveSegment {
    const known = this.#segments.get(file);
    if (known !== undefined) return known;
    const segment = new ActiveSegment(
      {
        ...this.#parts,
        ...this.#place,
        agentId: "",
        toolVersion: "",
        makeId: () => "",
        limits: STORE_LIMITS,
        // A torn end is only a copy that was interrupted.
        onAnomaly: () => undefined,
        onQuarantined: () => undefined,
        checkpointedBytes: () => 0,
      },
      file,
    );
    this.#segments.set(file, segment);
    return segment;
  }
}

/**
 * Says that the database has another ledger than this machine has copied, or none.
 * @returns undefined if this machine has no copy.
 */
export function lostLedger({
  address,
  folder,
}: Pick<MirrorParts, "address" | "folder">): StoreDamagedError | undefined {
  const place = { fileSystem: nodeFileSystem, folder };
  return readLedgerId(place) === undefined ? undefined : otherLedger(address, folder);
}

function otherLedger({ shown }: StoreAddress, folder: string): StoreDamagedError {
  return new StoreDamagedError(
    `${shown}: expected the ledger that this machine has copied to ${folder}, got another one or none. ` +
      `If somebody made a new database, move that folder away; "experiment ledger import" can put it into an empty database.`,
  );
}
