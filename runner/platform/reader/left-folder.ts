import { constants, type Dirent, type Stats } from "node:fs";
import { type FileHandle, lstat, open, opendir, readlink } from "node:fs/promises";
import path from "node:path";

import { hasCode } from "../../../ledger/domain/errors.ts";
import { type DataRange, dataRanges } from "./data-ranges.ts";
import type { Reading } from "./reading.ts";

/** A folder entry, a link as itself. */
export interface LeftEntry {
  readonly name: string;
  readonly kind: Pick<Dirent | Stats, "isDirectory" | "isFile" | "isSymbolicLink">;
}

type TakePiece = (piece: Buffer, at: number) => Promise<void> | void;
/** Null for a file that is too large. */
type RangesOf = (stats: Stats) => readonly DataRange[] | null;

interface Opened {
  readonly handle: FileHandle;
  readonly ranges: readonly DataRange[];
}

const PIECE_BYTES = 1024 * 1024;
const BUFFERED = { bufferSize: 1024 };
/** What Node writes for each byte of a name that is not UTF-8. */
const REPLACED = "\ufffd";

/**
 * A folder that an agent could write to. It is read without following a link or opening anything but a regular
 * file. Nothing that the agent left makes it throw: what it can't read, or what is beyond the limits, it leaves out. Names are
 * relative to the folder.
 */
export class LeftFolder {
  readonly #reading: Reading;
  readonly #root: string;
  readonly #real = new Map<string, Promise<boolean>>();

  constructor(reading: Reading, root: string) {
    this.#reading = reading;
    this.#root = root;
  }

  /**
   * The entries of a folder, by name: at most half of those that the reading may still look at, so that no folder
   * uses them up. Null if it can't be read.
   * @param wanted names that are in the list however many entries there are.
   */
  async list(folder: string, wanted: readonly string[] = []): Promise<readonly LeftEntry[] | null> {
    const reading = this.#reading;
    if ((await this.look(folder))?.isDirectory() !== true) return null;
    const entriesMax = Math.ceil(reading.entriesLeft / 2);
    const found = new Map<string, LeftEntry>();
    try {
      for await (const entry of await opendir(path.join(this.#root, folder), BUFFERED)) {
        const shown = path.join(folder, entry.name);
        if (found.size >= entriesMax || reading.isLate) {
          this.leaveOut(reading.isLate ? "time" : "many", shown);
          break;
        }
        if (await this.#isText(shown)) found.set(entry.name, { name: entry.name, kind: entry });
        else this.leaveOut("name", shown);
      }
    } catch (error) {
      this.#leave(folder, error);
      return null;
    }
    reading.entriesLeft -= Math.min(found.size, reading.entriesLeft);
    for (const name of wanted.filter((one) => !found.has(one))) {
      const kind = await this.look(path.join(folder, name));
      if (kind !== null) found.set(name, { name, kind });
    }
    return [...found.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  /** The status of a path; null if nothing is there, or nothing can be known. */
  async look(name: string): Promise<Stats | null> {
    if (!this.#isInReach(name)) return null;
    try {
      return await lstat(path.join(this.#root, name));
    } catch (error) {
      this.#leave(name, error);
      return null;
    }
  }

  /** The text of a link, in bytes; null if it is not a link. */
  async readLink(name: string): Promise<Buffer | null> {
    try {
      return await readlink(path.join(this.#root, name), { encoding: "buffer" });
    } catch (error) {
      this.#leave(name, error);
      return null;
    }
  }

  /** Whether each folder on the way is real. A link would lead elsewhere. */
  async isReached(name: string): Promise<boolean> {
    const folder = path.posix.dirname(name);
    const isReal = this.#real.get(folder) ?? this.#isReal(folder);
    this.#real.set(folder, isReal);
    return await isReal;
  }

  async #isReal(folder: string): Promise<boolean> {
    const isBelowReal = folder === "." || (await this.isReached(folder));
    return isBelowReal && (await this.look(folder))?.isDirectory() === true;
  }

  /** The content of a regular file of at most so many bytes; null if there is none. */
  async read(name: string, bytesMax: number): Promise<Buffer | null> {
    const pieces: Buffer[] = [];
    const isWhole = await this.pieces(name, bytesMax, (piece) => void pieces.push(piece));
    return isWhole ? Buffer.concat(pieces) : null;
  }

  /** Reads a regular file of at most so many bytes in pieces. Resolves to whether it was read to its end. */
  async pieces(name: string, bytesMax: number, take: TakePiece): Promise<boolean> {
    const whole = ({ size }: Stats) => (size > bytesMax ? null : [{ from: 0, bytes: size }]);
    return await this.#readRanges(name, whole, take);
  }

  /** Reads the data of a regular file in pieces, without its holes. */
  async data(name: string, take: TakePiece): Promise<boolean> {
    const place = path.join(this.#root, name);
    return await this.#readRanges(name, (stats) => dataRanges(place, stats), take);
  }

  async #readRanges(name: string, rangesOf: RangesOf, take: TakePiece): Promise<boolean> {
    const opened = await this.#open(name, rangesOf);
    if (opened === null) return false;
    const { handle, ranges } = opened;
    try {
      for (const { from, bytes } of ranges) {
        for (let at = from; at < from + bytes;) {
          if (!this.isInTime(name)) return false;
          const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, from + bytes - at));
          const { bytesRead } = await handle.read(piece, 0, piece.length, at);
          // Somebody has made it shorter meanwhile.
          if (bytesRead === 0) return true;
          await take(piece.subarray(0, bytesRead), at);
          at += bytesRead;
        }
      }
      return true;
    } catch (error) {
      return this.#leave(name, error);
    } finally {
      await handle.close();
    }
  }

  /** Whether there is time to read a file; if not, it is left out. */
  isInTime(name: string): boolean {
    return !this.#reading.isLate || this.leaveOut("time", name);
  }

  leaveOut(...[reason, name]: Parameters<Reading["leftOut"]["add"]>): false {
    this.#reading.leftOut.add(reason, name);
    return false;
  }

  async #open(name: string, rangesOf: RangesOf): Promise<Opened | null> {
    const stats = this.isInTime(name) ? await this.look(name) : null;
    if (stats === null) return null;
    // A device or a pipe may do something when it is opened.
    const ranges = stats.isFile() ? rangesOf(stats) : [];
    const bytes = ranges?.reduce((sum, range) => sum + range.bytes, 0) ?? Infinity;
    if (!stats.isFile()) this.leaveOut("special", name);
    else if (ranges === null) this.leaveOut("large", name);
    else if (bytes > this.#reading.bytesLeft) this.leaveOut("bytes", name);
    else {
      const handle = await this.#openFile(name, stats);
      if (handle === null) return null;
      this.#reading.bytesLeft -= bytes;
      return { handle, ranges };
    }
    return null;
  }

  /** Opens the very file that was looked at. */
  async #openFile(name: string, { dev, ino }: Stats): Promise<FileHandle | null> {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    try {
      const handle = await open(path.join(this.#root, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const opened = await handle.stat();
      if (opened.dev === dev && opened.ino === ino) return handle;
      await handle.close();
      this.leaveOut("special", name);
    } catch (error) {
      this.#leave(name, error);
    }
    return null;
  }

  /** A name that is not UTF-8 leads to nothing. */
  async #isText(name: string): Promise<boolean> {
    if (!name.includes(REPLACED)) return true;
    return await lstat(path.join(this.#root, name)).then(
      () => true,
      () => false,
    );
  }

  #isInReach(name: string): boolean {
    const { depthMax, pathBytesMax } = this.#reading.limits;
    if (name.split("/").length > depthMax + 1) return this.leaveOut("deep", name);
    return Buffer.byteLength(name) <= pathBytesMax || this.leaveOut("path", name);
  }

  /** A path at which nothing is found is not left out. */
  #leave(name: string, error: unknown): false {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return false;
    return this.leaveOut(hasCode(error, "ENAMETOOLONG") ? "path" : "unreadable", name);
  }
}
