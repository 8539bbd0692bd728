import { rmSync } from "node:fs";

import type { ClientBase } from "pg";

import type { Clock } from "../../domain/clock.ts";
import type { LedgerFile } from "../../domain/ledger-file.ts";
import { ActiveSegment } from "../active-segment.ts";
import { parseRow, SEGMENT_END } from "../envelope.ts";
import type { LedgerFolder } from "../file-system.ts";
import { JsonlReader } from "../jsonl-reader.ts";
import { STORE_LIMITS } from "../ledger-context.ts";
import { readLedgerId, readOrMakeLedgerId } from "../ledger-header.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { prepareFolder } from "../prepare-folder.ts";
import { hashIn } from "../row-line.ts";
import { startedFiles } from "../segments.ts";
import { LedgerDamagedError } from "../store-errors.ts";
import { type FileHead, readHeads } from "./ledger-heads.ts";
import type { StoredLine } from "./ledger-transaction.ts";

const ROWS_A_QUERY = 2_000;

interface MirrorParts {
  readonly folder: string;
  readonly ledgerId: string;
  readonly clock: Clock;
}

/**
 * The rows of a store in files of this machine, byte for byte as a ledger of files would have them. All
 * reading takes place here. It can be deleted at any time: the next command copies it anew.
 */
export class Mirror {
  readonly reader: JsonlReader;
  readonly #parts: MirrorParts;
  readonly #place: LedgerFolder;
  readonly #segments = new Map<LedgerFile, ActiveSegment>();

  private constructor(parts: MirrorParts) {
    this.#parts = parts;
    this.#place = { fileSystem: nodeFileSystem, folder: parts.folder };
    this.reader = new JsonlReader({ ...parts, ...this.#place });
  }

  /** Opens the files of a store. Files of another ledger, or of another past of this one, are replaced. */
  static async open(parts: MirrorParts, client: ClientBase): Promise<Mirror> {
    const known = new Mirror(parts);
    const place = known.#place;
    prepareFolder(place);
    const there = readLedgerId(place);
    if (there !== undefined && (there !== parts.ledgerId || !(await known.#isPrefix(client)))) {
      known.close();
      rmSync(parts.folder, { recursive: true });
      prepareFolder(place);
    }
    readOrMakeLedgerId(place, () => parts.ledgerId);
    const mirror = new Mirror(parts);
    await mirror.catchUp(client);
    return mirror;
  }

  /** Copies the rows that the database has and the files lack. */
  async catchUp(client: ClientBase): Promise<void> {
    for (const [file, head] of await readHeads(client)) await this.catchUpTo(client, file, head);
  }

  /** Copies the rows of a file up to its head. */
  async catchUpTo(
    client: ClientBase,
    file: LedgerFile,
    head: Pick<FileHead, "seq">,
  ): Promise<void> {
    // A file without rows is not made.
    if (head.seq === 0) return;
    let seq = await this.#lastSeqOf(file);
    while (seq < head.seq) {
      const { rows } = await client.query<{ seq: string; segment: number; line: string }>(
        "select seq, segment, line from counterbalance.ledger_rows where file = $1 and seq > $2 and seq <= $3 order by seq limit $4",
        [file, seq, head.seq, ROWS_A_QUERY],
      );
      const lines = rows.map((row) => ({ ...row, seq: Number(row.seq) }));
      const last = lines.at(-1);
      if (last === undefined) throw lacking(file, seq + 1);
      await this.add(file, lines);
      seq = last.seq;
    }
  }

  /** Adds rows that follow those that are there. Another process may have added some of them. */
  async add(file: LedgerFile, lines: readonly StoredLine[]): Promise<void> {
    const segment = this.#segmentOf(file);
    let rest = lines;
    while (rest.length > 0) {
      rest = await segment.locked((tail) => {
        const fresh = rest.filter(({ seq }) => seq > tail.seq);
        const [first] = fresh;
        if (first === undefined) return [];
        if (first.seq !== tail.seq + 1) throw lacking(file, tail.seq + 1);
        const own = fresh.filter((line) => line.segment === first.segment);
        const last = own.at(-1);
        const row = last && parseRow(last.line);
        if (row === undefined) throw lacking(file, first.seq);
        segment.write(own.map(({ line }) => `${line}\n`).join(""), {
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

  /** Whether every file ends in a row that the database has in the same place. */
  async #isPrefix(client: ClientBase): Promise<boolean> {
    for (const file of startedFiles(this.#place)) {
      const seq = await this.#lastSeqOf(file);
      if (seq === 0) continue;
      const { h } = await this.#segmentOf(file).locked((tail) => tail);
      const { rows } = await client.query<{ line: string }>(
        "select line from counterbalance.ledger_rows where file = $1 and seq = $2",
        [file, seq],
      );
      if (rows[0] === undefined || hashIn(rows[0].line) !== h) return false;
    }
    return true;
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
        fileSystem: nodeFileSystem,
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

function lacking(file: LedgerFile, seq: number): LedgerDamagedError {
  return new LedgerDamagedError(
    `${file}: expected row ${seq} in the store, got none. Somebody has removed rows with more rights than this program has. Restore the database from a copy.`,
  );
}
