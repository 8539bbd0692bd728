import type { Draw } from "./draw.ts";

/** Small, so that short tests have many of them. */
const SECTOR_BYTES = 64;

/**
 * One file of a simulated disk: the bytes that processes see, and those that a crash would leave.
 */
export class SimulatedFile {
  readonly inode: number;
  /** The holder of the kernel's lock. */
  lockedBy: object | undefined;
  failedSyncs = 0;
  #seen: Buffer = Buffer.alloc(0);
  #durable: Buffer = Buffer.alloc(0);
  /** Sectors that differ from what was synced, as far as the kernel knows. */
  #dirty = new Set<number>();
  /** Sectors on their way to the disk. */
  #underWay = new Set<number>();
  /** Sectors that the kernel has given up: the disk may hold some of them. */
  readonly #givenUp = new Set<number>();
  #syncsBegun = 0;
  #lastFinished = 0;

  constructor(inode: number) {
    this.inode = inode;
  }

  get size(): number {
    return this.#seen.length;
  }

  get content(): Buffer {
    return this.#seen;
  }

  read(into: Uint8Array, position: number): number {
    if (position >= this.size) return 0;
    return this.#seen.copy(into, 0, position, Math.min(this.size, position + into.length));
  }

  append(bytes: Uint8Array): void {
    const start = this.size;
    this.#seen = Buffer.concat([this.#seen, bytes]);
    this.#markDirty(start, this.size);
  }

  truncate(size: number): void {
    this.#seen = Buffer.from(this.#seen.subarray(0, size));
    this.#markDirty(size, size + 1);
  }

  /** Replaces all of it, as a tamperer or a test would. */
  replace(bytes: Uint8Array): void {
    this.#seen = Buffer.from(bytes);
    this.#durable = Buffer.from(bytes);
    this.#dirty.clear();
    this.#underWay.clear();
    this.#givenUp.clear();
  }

  /** Returns what makes durable the content of this moment; a sync waits for what earlier ones have under way. */
  beginSync(): () => void {
    const content = this.#seen;
    const sectors = new Set([...this.#dirty, ...this.#underWay]);
    this.#dirty = new Set();
    this.#underWay = sectors;
    this.#syncsBegun += 1;
    const turn = this.#syncsBegun;
    return () => {
      if (turn < this.#lastFinished) return;
      this.#lastFinished = turn;
      this.#durable = overlay(this.#durable, content, { sectors, size: content.length });
      this.#underWay = this.#underWay === sectors ? new Set() : this.#underWay;
    };
  }

  /** The kernel gives up and calls the pages clean: they can be read until the machine stops. */
  failSync(): void {
    for (const sector of this.#dirty) this.#givenUp.add(sector);
    this.#dirty = new Set();
    this.failedSyncs += 1;
  }

  /** The kernel may write unsynced bytes at any time: an arbitrary part, and the present length. */
  writeBack(draw: Draw): void {
    const sectors = new Set([...this.#dirty].filter(() => draw.chance(0.8)));
    this.#durable = overlay(this.#durable, this.#seen, { sectors, size: this.size });
  }

  /** Keeps of what was not synced an arbitrary part, in sectors, and an arbitrary length. */
  crash(draw: Draw): void {
    const touched = [...this.#dirty, ...this.#underWay, ...this.#givenUp];
    const sectors = new Set(touched.filter(() => draw.chance(0.5)));
    const [low, high] = [this.#durable.length, this.size].toSorted((a, b) => a - b);
    const drawn = draw.chance(0.5)
      ? draw.oneOf([low ?? 0, high ?? 0])
      : draw.between(low ?? 0, high ?? 0);
    const size = touched.length > 0 ? drawn : this.#durable.length;
    this.replace(overlay(this.#durable, this.#seen, { sectors, size }));
    this.lockedBy = undefined;
  }

  #markDirty(from: number, to: number): void {
    for (let sector = Math.floor(from / SECTOR_BYTES); sector * SECTOR_BYTES < to; sector += 1) {
      this.#dirty.add(sector);
    }
  }
}

/** The old content with some sectors of the new one, cut or filled with zeros to a size. */
function overlay(
  before: Buffer,
  after: Buffer,
  { sectors, size }: { readonly sectors: ReadonlySet<number>; readonly size: number },
): Buffer {
  const merged = Buffer.alloc(size);
  before.copy(merged, 0, 0, size);
  for (const sector of sectors) {
    const from = sector * SECTOR_BYTES;
    const to = Math.min(from + SECTOR_BYTES, size);
    if (from >= size || from >= after.length) continue;
    merged.fill(0, from, to);
    after.copy(merged, from, from, Math.min(to, after.length));
  }
  return merged;
}
