import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { SEGMENT_END } from "./envelope.ts";
import { firstSeqIn, lastRowIn, lastRowOf, parseLine } from "./last-row.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { genesisOf } from "./ledger-header.ts";
import { changeIn, NO_ROW_NOW } from "./line-cursor.ts";
import { quarantineTail } from "./quarantine.ts";
import { markSuspect, renewFile, suspectPath } from "./renew-file.ts";
import { activePath, damagedAt, listSegments, sealedPath } from "./segments.ts";
import { LedgerBusyError, LedgerDamagedError } from "./store-errors.ts";
import type { Head } from "./store.ts";
import { syncFolderNow, syncNow, syncFailure } from "./sync.ts";

/** A lock is held for a fraction of a millisecond; timers are coarser than that, and a failed try costs more than a nap. */
const NAPS_MAX = 25;
const NAP_MS = 0.2;
const LOCK_POLL_MS = 1;
/** A UTF-16 unit takes at most three bytes. */
const UTF8_BYTES_MAX = 3;
const pillow = new Int32Array(new SharedArrayBuffer(4));
const scratch = Buffer.allocUnsafeSlow(262_144);

/** The place of the next row, and the row that it follows. */
export interface Tail {
  readonly segment: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly seq: number;
  readonly h: string;
  /** Time of the last row; "" if there is none. */
  readonly recordedAt: string;
  /** Whether that row closes its segment. */
  readonly isSealed: boolean;
  /** Whether the file ends in bytes that no newline closes. */
  readonly needsNewline: boolean;
}

interface OpenFile {
  readonly fd: number;
  readonly inode: number;
  readonly segment: number;
  isNameSynced: boolean;
  /** How much of it a sync has kept. */
  bytesSynced: number;
}

/** The segment of a file that is being written: opened, locked, and known up to its last row. */
export class ActiveSegment {
  readonly #context: LedgerContext;
  readonly #file: LedgerFile;
  readonly #path: string;
  #open: OpenFile | undefined;
  #tail: Tail | undefined;
  /** The number of the last row that was acknowledged here; the file never ends before it again. */
  #seqKept = 0;

  constructor(context: LedgerContext, file: LedgerFile) {
    this.#context = context;
    this.#file = file;
    this.#path = activePath(context.folder, file);
  }

  /**
   * Does something synchronous under the file's lock, with the tail as it is then. The file is the one
   * that has the name now, and ends in a whole row.
   */
  async locked<T>(work: (tail: Tail) => T): Promise<T> {
    for (let attempt = 1; ;) {
      const { fd } = this.#opened();
      if (this.#context.fileSystem.tryLock(fd)) {
        try {
          const tail = this.#settledTail();
          if (tail !== undefined) return work(tail);
        } finally {
          this.#context.fileSystem.unlock(fd);
        }
        this.#reopenIfMoved();
      } else {
        await this.#waitForTurn(attempt);
        attempt += 1;
      }
    }
  }

  /** Writes at the end, all or nothing, under the lock; `last` is the last row of the text. */
  write(text: string, last: ChainEnd & { readonly record: string }): Tail {
    const bytes = encode(text);
    const { fd, segment } = this.#opened();
    const start = this.#tail?.size ?? 0;
    const written = this.#context.fileSystem.write(fd, bytes);
    if (written < bytes.length) throw new ShortWrite(written, bytes.length);
    const isSealed = last.record === SEGMENT_END;
    const size = start + written;
    const { seq, h, recordedAt } = last;
    this.#tail = { segment, size, seq, h, recordedAt, isSealed, needsNewline: false };
    return this.#tail;
  }

  /** Takes back, durably, what this process wrote under the lock that it still holds. */
  cutBackTo(size: number): void {
    this.#tail = undefined;
    try {
      this.#context.fileSystem.truncate(this.#opened().fd, size);
    } catch (error) {
      throw syncFailure(`${this.#path}: a half-written batch could not be taken back`, error);
    }
    // Without this sync, a crash could bring back rows that their callers believe to be absent.
    syncNow(this.#context, this.#opened().fd);
  }

  /** How many rows the segment has, by the numbers of its first and its last. */
  rowsUpTo(tail: Tail): number {
    const { fd } = this.#opened();
    const span = { fd, from: 0, to: tail.size };
    return tail.seq - (firstSeqIn(this.#context.fileSystem, this.#file, span) ?? tail.seq) + 1;
  }

  /** Closes the segment that has just got its last row, under the lock; the next one begins with the next append. */
  seal(): void {
    const { fd, segment } = this.#opened();
    const { fileSystem, folder } = this.#context;
    const sealed = sealedPath(folder, this.#file, segment);
    if (fileSystem.stateAt(sealed) !== undefined) {
      throw new LedgerDamagedError(
        `${sealed}: expected no such segment yet, got one. Nothing was changed; move it away.`,
      );
    }
    syncNow(this.#context, fd);
    fileSystem.rename(this.#path, sealed);
    syncFolderNow(this.#context, folder);
  }

  /** Makes what was written durable, and the file's name with it. Without the lock. */
  async sync(): Promise<void> {
    const opened = this.#opened();
    const { size, seq } = this.#tail ?? { size: undefined, seq: 0 };
    if (opened.isNameSynced && size === opened.bytesSynced) return;
    if (!opened.isNameSynced) {
      // The maker of the file may not have synced its name yet, and our rows need the name too.
      this.#context.fileSystem.syncFolder(this.#context.folder);
      opened.isNameSynced = true;
    }
    await this.#context.fileSystem.fdatasync(opened.fd);
    opened.bytesSynced = size ?? 0;
    this.#seqKept = Math.max(this.#seqKept, seq);
  }

  /**
   * Marks the file after a failed sync: its unwritten bytes may vanish from the cache, and no later
   * sync reports that. The next process that locks the file rewrites it.
   */
  markSuspect(kept: Pick<Head, "segment" | "bytes"> | undefined): void {
    markSuspect(this.#context, this.#file, kept);
  }

  close(): void {
    if (this.#open !== undefined) this.#context.fileSystem.close(this.#open.fd);
    this.#open = undefined;
    this.#tail = undefined;
  }

  #opened(): OpenFile {
    if (this.#open !== undefined) return this.#open;
    const { fileSystem } = this.#context;
    const fd = fileSystem.open(this.#path, "a+");
    try {
      const { inode } = fileSystem.stateOf(fd);
      // If the name has moved on meanwhile, the number is wrong too. The check under the lock
      // notices that.
      const { active } = listSegments(this.#context, this.#file);
      this.#open = { fd, inode, segment: active, isNameSynced: false, bytesSynced: 0 };
    } catch (error) {
      fileSystem.close(fd);
      throw error;
    }
    return this.#open;
  }

  #reopenIfMoved(): void {
    const { inode } = this.#opened();
    if (this.#context.fileSystem.stateAt(this.#path)?.inode !== inode) this.close();
  }

  async #waitForTurn(attempt: number): Promise<void> {
    const boundMs = this.#context.limits.lockWaitMs;
    if ((attempt - NAPS_MAX) * LOCK_POLL_MS > boundMs) {
      throw new LedgerBusyError(
        `${this.#path}: expected its lock within ${boundMs} ms, got none: another process holds it. ` +
          `Nothing was written. Let that process continue, or end it.`,
      );
    }
    if (attempt > NAPS_MAX) {
      await sleep(LOCK_POLL_MS);
      return;
    }
    // Other work in this process gets a turn between two naps.
    await nextTurn();
    Atomics.wait(pillow, 0, 0, Math.min(NAP_MS * attempt, LOCK_POLL_MS));
  }

  /** The tail under the lock; undefined if the file was sealed and another file has its name. */
  #settledTail(): Tail | undefined {
    const { fd, inode, segment } = this.#opened();
    const { fileSystem, folder } = this.#context;
    const there = fileSystem.stateAt(this.#path);
    if (there?.inode !== inode) return undefined;
    if (fileSystem.stateAt(suspectPath(folder, this.#file)) !== undefined) {
      renewFile(this.#context, { file: this.#file, segment, fd });
      return undefined;
    }
    const { size } = there;
    if (this.#tail?.size !== size) this.#tail = this.#readTail(size);
    if (this.#tail.seq < this.#seqKept) this.#refuseLoss(this.#tail.seq);
    if (this.#tail.isSealed) {
      this.seal();
      return undefined;
    }
    return this.#tail;
  }

  #readTail(size: number): Tail {
    const { fd, segment } = this.#opened();
    const known = this.#tail !== undefined && this.#tail.size < size ? this.#tail : undefined;
    const from = known?.size ?? 0;
    const last = lastRowIn(this.#context.fileSystem, { fd, from, to: size });
    const row = last && parseLine(this.#file, last.line);
    const kept = this.#cutTornTail(last?.end ?? from, size);
    if (row === undefined) {
      const before = known ?? this.#endOfSegmentBefore(segment);
      return { isSealed: false, needsNewline: false, ...before, segment, size: kept };
    }
    const isSealed = row.record === SEGMENT_END;
    return {
      ...endOf(row),
      segment,
      size: kept,
      isSealed,
      needsNewline: last?.isTerminated === false,
    };
  }

  #refuseLoss(seq: number): never {
    throw new LedgerDamagedError(
      `${this.#path}: expected at least row ${this.#seqKept}, which was acknowledged, got ${seq} as the last one. ` +
        `Another program has cut or replaced the file. This process writes nothing more to it; restore it from a copy.`,
    );
  }

  /**
   * Moves the bytes of a torn write away, and returns the size that is left. Bytes that were a row,
   * or that a checkpoint names, are damage, and stay.
   */
  #cutTornTail(end: number, size: number): number {
    if (end === size) return size;
    const { fd, segment } = this.#opened();
    const { fileSystem, folder } = this.#context;
    const isKnown = end < this.#context.checkpointedBytes(this.#file, segment);
    const change = changeIn(fileSystem, { fd, from: end, to: size });
    const what = change ?? (isKnown ? NO_ROW_NOW : undefined);
    const tail = { file: this.#file, segment, offset: end, bytes: size - end };
    if (what !== undefined) throw damagedAt(folder, { ...tail, what });
    quarantineTail(this.#context, { file: this.#file, segment, fd, from: end, to: size });
    return end;
  }

  #endOfSegmentBefore(segment: number): ChainEnd {
    const last = lastRowOf(this.#context, { file: this.#file, segment: segment - 1 });
    if (last !== undefined) return endOf(parseLine(this.#file, last.line));
    return { seq: 0, h: genesisOf(this.#context.ledgerId, this.#file), recordedAt: "" };
  }
}

/** What a row has to know of the one before it. */
type ChainEnd = Pick<Tail, "seq" | "h" | "recordedAt">;

function endOf({ seq, h, recorded_at: recordedAt }: Row): ChainEnd {
  return { seq, h, recordedAt };
}

/** The bytes of a text, valid until the next call. A usual batch fits in one shared buffer. */
function encode(text: string): Uint8Array {
  if (text.length * UTF8_BYTES_MAX > scratch.length) return Buffer.from(text);
  return scratch.subarray(0, scratch.write(text));
}

/** The disk took only a part of a batch, which was taken back. */
class ShortWrite extends Error {
  readonly code = "ENOSPC";

  constructor(written: number, wanted: number) {
    super(`only ${written} of ${wanted} bytes were written`);
    this.name = "ShortWrite";
  }
}
