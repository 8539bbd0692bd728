import type { Draw } from "./draw.ts";
import { SimulatedFile } from "./simulated-file.ts";
import { type Fault, SimulatedProcess } from "./simulated-process.ts";

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
