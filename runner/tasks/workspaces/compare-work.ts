import { createHash } from "node:crypto";

import type { TreeEntry } from "../../platform/git/list-tree.ts";
import type { LeftFolder } from "../../platform/reader/left-folder.ts";
import type { Reading } from "../../platform/reader/reading.ts";
import type { WorkCopy } from "./copy-work.ts";

/** A file with the size and the mode that it has in the commit. */
interface Alike {
  readonly entry: TreeEntry;
  readonly changedMs: number;
}

const LINK = "120000";
/** Waiting for one file after the other takes longer than reading them. */
const AT_ONCE = 8;

/** Copies the files of a commit that an agent changed. Files that are as they were are read and not copied. */
export class WorkComparison {
  readonly #copy: WorkCopy;
  readonly #reading: Reading;
  readonly #removed: string[] = [];

  constructor(copy: WorkCopy, reading: Reading) {
    this.#copy = copy;
    this.#reading = reading;
  }

  /** The files of the commit that the work lacks. */
  get removed(): readonly string[] {
    return this.#removed.toSorted();
  }

  /** Copies what evidently differs. Resolves to what may be as it was, the last changed first. */
  async copyOthers(entries: readonly TreeEntry[]): Promise<readonly TreeEntry[]> {
    const alike: Alike[] = [];
    for await (const [entry, found] of eachOf(entries, async (one) => await this.#lookAt(one))) {
      if (found === "gone") this.#removed.push(entry.file);
      else if (found === "other") await this.#takeOther(entry);
      else if (found !== "same") alike.push(found);
    }
    return alike
      .toSorted((one, other) => other.changedMs - one.changedMs)
      .map(({ entry }) => entry);
  }

  /** Copies what has other content. What there is no time to compare has kept its size, and counts as unchanged. */
  async copyChanged(entries: readonly TreeEntry[]): Promise<void> {
    const compared = eachOf(entries, async (entry) => await this.#isSameFile(entry));
    for await (const [entry, isSame] of compared) if (!isSame) await this.#takeOther(entry);
  }

  get #left(): LeftFolder {
    return this.#copy.left;
  }

  /** A file that can't be copied is not what it was either. */
  async #takeOther({ file }: TreeEntry): Promise<void> {
    if (!(await this.#copy.take(file))) this.#removed.push(file);
  }

  async #lookAt(entry: TreeEntry): Promise<"gone" | "other" | "same" | Alike> {
    const { file, mode, bytes } = entry;
    const stats = (await this.#left.isReached(file)) ? await this.#left.look(file) : null;
    if (stats?.isSymbolicLink() === true) return (await this.#isSameLink(entry)) ? "same" : "other";
    if (stats === null || stats.isDirectory()) return "gone";
    if (!stats.isFile()) {
      this.#left.leaveOut("special", file);
      return "gone";
    }
    const isExecutable = (stats.mode & 0o100) !== 0;
    const isAlike = stats.size === bytes && isExecutable === (mode === "100755");
    return mode === LINK || !isAlike ? "other" : { entry, changedMs: stats.ctimeMs };
  }

  async #isSameLink({ file, mode, hash }: TreeEntry): Promise<boolean> {
    const target = mode === LINK ? await this.#left.readLink(file) : null;
    return target !== null && blobHash(target.length).update(target).digest("hex") === hash;
  }

  async #isSameFile({ file, hash, bytes }: TreeEntry): Promise<boolean> {
    if (!this.#left.isInTime(file)) return true;
    // The agent did not choose how many bytes the commit has.
    this.#reading.bytesLeft += bytes;
    const read = blobHash(bytes);
    const isRead = await this.#left.pieces(file, bytes, (piece) => void read.update(piece));
    return isRead ? read.digest("hex") === hash : this.#reading.isLate;
  }
}

/** Asks about each entry, some at once. Yields the answers in the order of the entries. */
async function* eachOf<Answer>(
  entries: readonly TreeEntry[],
  ask: (entry: TreeEntry) => Promise<Answer>,
): AsyncGenerator<readonly [TreeEntry, Answer]> {
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    yield* await Promise.all(some.map(async (entry) => [entry, await ask(entry)] as const));
  }
}

function blobHash(bytes: number) {
  return createHash("sha1").update(`blob ${String(bytes)}\0`);
}
