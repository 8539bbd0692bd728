import type { FileSystem, OpenFlag } from "../file-system.ts";
import type { Draw } from "./draw.ts";
import { SimulatedFile } from "./simulated-file.ts";

/** Names that were made or changed and may be lost in a crash, in the order in which they were. */
type NameChange = (names: Map<string, SimulatedFile>) => void;

/**
 * A disk with a cache before it. A crash of the machine keeps of every file what was synced, and of the
 * rest an arbitrary part, sector by sector; of names it keeps what their folder's sync covered and an
 * arbitrary part of what came after, in order, as a journal does. Sectors themselves are whole.
 */
export class SimulatedDisk {
  readonly draw: Draw;
  #names = new Map<string, SimulatedFile>();
  #durableNames = new Map<string, SimulatedFile>();
  #changes: NameChange[] = [];
  #folders = new Set<string>();
  #nextInode = 1;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  /** The machine stops and starts again. */
  crash(): void {
    const kept = this.draw.below(this.#changes.length + 1);
    for (const change of this.#changes.slice(0, kept)) change(this.#durableNames);
    this.#changes = [];
    this.#names = new Map(this.#durableNames);
    for (const file of new Set(this.#names.values())) file.crash(this.draw);
  }

  /** The file system as one process sees it. */
  process(fault?: Fault): SimulatedProcess {
    return new SimulatedProcess(this, fault);
  }

  fileAt(path: string): SimulatedFile | undefined {
    return this.#names.get(path);
  }

  make(path: string): SimulatedFile {
    const file = new SimulatedFile(this.#nextInode);
    this.#nextInode += 1;
    this.change((names) => names.set(path, file));
    return file;
  }

  change(change: NameChange): void {
    change(this.#names);
    this.#changes.push(change);
  }

  /** One journal holds all names: syncing one folder makes every earlier change durable. */
  syncNames(): void {
    for (const change of this.#changes) change(this.#durableNames);
    this.#changes = [];
  }

  list(folder: string): readonly string[] {
    const prefix = `${folder}/`;
    return [...this.#names.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
      .map((path) => path.slice(prefix.length));
  }

  makeFolder(path: string): void {
    this.#folders.add(path);
  }
}

/** A fault, and the process's call (from 1) that it hits. */
export interface Fault {
  readonly call: number;
  /**
   * `kill` ends the process there; `ENOSPC` and `EIO` fail that call, a write perhaps after a part of it.
   * A failed sync leaves the pages marked clean, as Linux does.
   */
  readonly kind: "kill" | "ENOSPC" | "EIO";
}

/** A process was killed: none of its code runs any more, not even to tidy up. */
export class KilledError extends Error {
  constructor() {
    super("killed");
    this.name = "KilledError";
  }
}

class SystemError extends Error {
  readonly code: string;

  constructor(code: string, what: string) {
    super(`${code}: ${what}`);
    this.name = "SystemError";
    this.code = code;
  }
}

/** A process that uses a simulated disk, with its descriptors, its locks and its failing calls. */
export class SimulatedProcess implements FileSystem {
  readonly #disk: SimulatedDisk;
  readonly #fault: Fault | undefined;
  readonly #open = new Map<number, SimulatedFile>();
  /** How many failed syncs of its file a descriptor has reported, or found when it was opened. */
  readonly #failuresSeen = new Map<number, number>();
  readonly #keys: Record<number, object> = {};
  #nextFd = 3;
  #isAlive = true;
  /** Calls that may fail, so far. */
  calls = 0;
  /** Files whose sync has failed in this process. */
  readonly #failedSyncs = new Set<SimulatedFile>();
  /** How often this process has synced a file again whose sync had failed. */
  syncsAfterFailure = 0;

  constructor(disk: SimulatedDisk, fault?: Fault) {
    this.#disk = disk;
    this.#fault = fault;
  }

  get openFiles(): number {
    return this.#open.size;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Ends the process: its locks and descriptors go, what it wrote stays in the cache. */
  kill(): void {
    this.#isAlive = false;
    for (const [fd, file] of this.#open)
      if (file.lockedBy === this.#key(fd)) file.lockedBy = undefined;
    this.#open.clear();
  }

  open(path: string, flag: OpenFlag): number {
    this.#step(`open ${path}`);
    const known = this.#disk.fileAt(path);
    if (flag === "wx" && known !== undefined) throw new SystemError("EEXIST", path);
    if (flag === "r" && known === undefined) throw new SystemError("ENOENT", path);
    const fd = this.#nextFd;
    this.#nextFd += 1;
    const file = known ?? this.#disk.make(path);
    this.#open.set(fd, file);
    this.#failuresSeen.set(fd, file.failedSyncs);
    return fd;
  }

  close(fd: number): void {
    this.#refuseDead();
    const file = this.#fileOf(fd);
    if (file.lockedBy === this.#key(fd)) file.lockedBy = undefined;
    this.#open.delete(fd);
  }

  read(fd: number, into: Uint8Array, position: number): number {
    this.#step("read");
    return this.#fileOf(fd).read(into, position);
  }

  write(fd: number, bytes: Uint8Array): number {
    const part = this.#disk.draw.below(bytes.length + 1);
    const file = this.#fileOf(fd);
    const fault = this.#faultNow();
    if (fault === undefined) {
      file.append(bytes);
      return bytes.length;
    }
    file.append(bytes.subarray(0, part));
    if (fault === "kill") this.#die();
    // A disk that fills up takes a part without an error; the next write gets the error.
    if (fault === "ENOSPC" && part > 0) return part;
    throw new SystemError(fault, "write");
  }

  truncate(fd: number, size: number): void {
    this.#step("ftruncate");
    const file = this.#fileOf(fd);
    // The disk may already have the bytes that are cut off. A crash brings them back until the cut is synced.
    if (this.#disk.draw.chance(0.5)) file.writeBack(this.#disk.draw);
    file.truncate(size);
  }

  async fdatasync(fd: number): Promise<void> {
    const file = this.#fileOf(fd);
    const turns = this.#disk.draw.below(3);
    const finish = this.#beginSync(fd, file);
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    this.#refuseDead();
    finish();
  }

  fdatasyncNow(fd: number): void {
    this.#beginSync(fd, this.#fileOf(fd))();
  }

  syncFolder(path: string): void {
    this.#step(`fsync ${path}`);
    this.#disk.syncNames();
  }

  stateOf(fd: number): { inode: number; size: number } {
    this.#step("fstat");
    const { inode, size } = this.#fileOf(fd);
    return { inode, size };
  }

  stateAt(path: string): { inode: number; size: number } | undefined {
    this.#step(`stat ${path}`);
    const file = this.#disk.fileAt(path);
    return file === undefined ? undefined : { inode: file.inode, size: file.size };
  }

  list(folder: string): readonly string[] {
    this.#step(`readdir ${folder}`);
    return this.#disk.list(folder);
  }

  makeFolder(path: string): void {
    this.#step(`mkdir ${path}`);
    this.#disk.makeFolder(path);
  }

  rename(from: string, to: string): void {
    this.#step(`rename ${from}`);
    const file = this.#named(from);
    this.#disk.change((names) => {
      names.delete(from);
      names.set(to, file);
    });
  }

  link(from: string, to: string): void {
    this.#step(`link ${from}`);
    if (this.#disk.fileAt(to) !== undefined) throw new SystemError("EEXIST", to);
    const file = this.#named(from);
    this.#disk.change((names) => names.set(to, file));
  }

  remove(path: string): void {
    this.#step(`unlink ${path}`);
    this.#disk.change((names) => names.delete(path));
  }

  typeAt(): number {
    this.#step("statfs");
    return 0xef53;
  }

  mountAt(): undefined {
    this.#refuseDead();
  }

  tryLock(fd: number): boolean {
    this.#refuseDead();
    const file = this.#fileOf(fd);
    if (file.lockedBy !== undefined && file.lockedBy !== this.#key(fd)) return false;
    file.lockedBy = this.#key(fd);
    return true;
  }

  unlock(fd: number): void {
    this.#refuseDead();
    const file = this.#fileOf(fd);
    if (file.lockedBy === this.#key(fd)) file.lockedBy = undefined;
  }

  /**
   * Takes the bytes to sync at once: the sync does not cover writes that come while the disk works.
   */
  #beginSync(fd: number, file: SimulatedFile): () => void {
    if (this.#failedSyncs.has(file)) this.syncsAfterFailure += 1;
    const fault = this.#faultNow();
    if (fault === "kill") this.#die();
    if (fault !== undefined) file.failSync();
    // Linux reports the failure once to every open descriptor, and to none that is opened later.
    const isTold = this.#failuresSeen.get(fd) === file.failedSyncs;
    this.#failuresSeen.set(fd, file.failedSyncs);
    if (isTold) return file.beginSync();
    this.#failedSyncs.add(file);
    throw new SystemError(fault ?? "EIO", "fdatasync");
  }

  #step(what: string): void {
    const fault = this.#faultNow();
    if (fault === "kill") this.#die();
    if (fault !== undefined) throw new SystemError(fault, what);
  }

  #faultNow(): Fault["kind"] | undefined {
    this.#refuseDead();
    this.calls += 1;
    return this.calls === this.#fault?.call ? this.#fault.kind : undefined;
  }

  #die(): never {
    this.kill();
    throw new KilledError();
  }

  #refuseDead(): void {
    if (!this.#isAlive) throw new KilledError();
  }

  #fileOf(fd: number): SimulatedFile {
    const file = this.#open.get(fd);
    if (file === undefined)
      throw this.#isAlive ? new SystemError("EBADF", `fd ${fd}`) : new KilledError();
    return file;
  }

  #named(path: string): SimulatedFile {
    const file = this.#disk.fileAt(path);
    if (file === undefined) throw new SystemError("ENOENT", path);
    return file;
  }

  #key(fd: number): object {
    return (this.#keys[fd] ??= {});
  }
}
