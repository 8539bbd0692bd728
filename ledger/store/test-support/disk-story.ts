import { CounterbalanceError } from "../../domain/errors.ts";
import type { LedgerFile } from "../../domain/ledger-file.ts";
import type { NewRow, Row } from "../../domain/row.ts";
import { verifyLedger } from "../../verification/verify-ledger.ts";
import { JsonlStore } from "../jsonl-store.ts";
import { STORE_LIMITS } from "../ledger-context.ts";
import { openJsonlStore } from "../open-jsonl-store.ts";
import { LedgerDamagedError, LedgerSyncFailedError } from "../store-errors.ts";
import type { LedgerStore } from "../store.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { manualClock } from "./manual-clock.ts";
import { readOnDisk } from "./open-on-disk.ts";
import { type Fault, KilledError, SimulatedDisk, type SimulatedProcess } from "./simulated-disk.ts";

const FOLDER = "/ledger";
const FILES: readonly LedgerFile[] = ["windows", "budgets"];
const LIMITS = { ...STORE_LIMITS, segmentBytesMax: 3_000, checkpointEveryRows: 7 };

/** What the callers know of a row. */
interface KnownRow {
  readonly file: LedgerFile;
  readonly row: NewRow & { readonly id: string };
  isAcknowledged: boolean;
  /** Whether some append of it ended without a clear answer. */
  mayBeThere: boolean;
  isUnderWay: boolean;
}

/** What a story ended in. */
export interface StoryEnd {
  /** The broken promises of the ledger; empty if it kept them all. */
  readonly breaches: readonly string[];
  readonly acknowledged: number;
  readonly crashes: number;
  readonly damaged: boolean;
}

/**
 * Some processes write to one ledger on a simulated disk; calls fail, processes are killed, the machine
 * stops; then a last process opens the ledger, and what it finds is held against what was promised.
 */
export async function tellDiskStory(seed: number): Promise<StoryEnd> {
  return new DiskStory(drawFrom(seed)).tell();
}

class DiskStory {
  readonly #draw: Draw;
  readonly #disk: SimulatedDisk;
  readonly #clock = manualClock();
  readonly #rows = new Map<string, KnownRow>();
  readonly #breaches: string[] = [];
  #nextId = 1;
  readonly #underWay: Promise<void>[] = [];
  #crashes = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#disk = new SimulatedDisk(draw);
  }

  async tell(): Promise<StoryEnd> {
    const rounds = this.#draw.between(1, 4);
    for (let round = 0; round < rounds; round += 1) await this.#round();
    const damaged = await this.#look();
    const known = [...this.#rows.values()];
    const acknowledged = known.filter(({ isAcknowledged }) => isAcknowledged).length;
    return { breaches: this.#breaches, acknowledged, crashes: this.#crashes, damaged };
  }

  async #round(): Promise<void> {
    const processes = Array.from({ length: this.#draw.between(1, 2) }, () =>
      this.#disk.process(this.#fault()),
    );
    const lives = processes.map((process) => this.#live(process));
    const stopsMachine = this.#draw.chance(0.5);
    if (stopsMachine) {
      // In the middle of it all.
      for (let turn = this.#draw.below(40); turn > 0; turn -= 1) await nextTurn();
      for (const process of processes) process.kill();
      this.#disk.crash();
      this.#crashes += 1;
    }
    await Promise.all(lives);
    for (const process of processes) this.#judgeProcess(process);
    for (const process of processes) process.kill();
  }

  #fault(): Fault | undefined {
    if (this.#draw.chance(0.3)) return undefined;
    return { call: this.#draw.between(1, 250), kind: this.#draw.oneOf(["kill", "ENOSPC", "EIO"]) };
  }

  async #live(process: SimulatedProcess): Promise<void> {
    const store = await this.#open(process).catch(() => undefined);
    if (store === undefined) return;
    const steps = this.#draw.between(1, 6);
    for (let step = 0; step < steps && process.isAlive; step += 1) {
      this.#clock.advance(this.#draw.between(0, 50));
      await this.#appendSome(store);
    }
    await store.close().catch(() => undefined);
    await Promise.all(this.#underWay);
    if (process.isAlive && process.openFiles > 0) {
      this.#breaches.push(`${process.openFiles} files stayed open after close`);
    }
  }

  #open(process: SimulatedProcess): Promise<LedgerStore> {
    return openJsonlStore({
      folder: FOLDER,
      clock: this.#clock,
      agentId: "agent",
      toolVersion: "0.0.0",
      makeId: () => `own-${(this.#nextId += 1)}`,
      limits: LIMITS,
      fileSystem: process,
    });
  }

  async #appendSome(store: LedgerStore): Promise<void> {
    const appends = Array.from({ length: this.#draw.between(1, 4) }, () => {
      const earlier = this.#draw.chance(0.3) ? this.#earlierRow() : undefined;
      const rows = earlier === undefined ? this.#newRows() : [earlier];
      return this.#append(store, rows, this.#draw.oneOf(["now", "later"]));
    });
    // Whether a row is durable shows only at the end, when its sync is awaited.
    const isWaitedFor = this.#draw.chance(0.8);
    if (isWaitedFor) appends.push(this.#append(store, this.#newRows()));
    for (const append of appends) this.#underWay.push(append);
    if (isWaitedFor) await appends.at(-1);
  }

  async #append(
    store: LedgerStore,
    known: readonly KnownRow[],
    sync: "now" | "later" = "now",
  ): Promise<void> {
    const file = known[0]?.file ?? "windows";
    for (const one of known) one.isUnderWay = true;
    try {
      const rows = await store.append(
        file,
        known.map(({ row }) => row),
        { sync },
      );
      if (rows.some((row, index) => row.id !== known[index]?.row.id)) {
        this.#breaches.push("an append returned other rows than it was given");
      }
      for (const one of known) one.isAcknowledged = true;
    } catch (error) {
      this.#learn(known, error);
    }
    for (const one of known) one.isUnderWay = false;
  }

  #learn(known: readonly KnownRow[], error: unknown): void {
    const isUnknown = error instanceof LedgerSyncFailedError || error instanceof KilledError;
    if (isUnknown) for (const one of known) one.mayBeThere = true;
    if (isUnknown || error instanceof CounterbalanceError) return;
    this.#breaches.push(`an append failed without a message: ${String(error)}`);
  }

  #newRows(): readonly KnownRow[] {
    const file = this.#draw.oneOf(FILES);
    return Array.from({ length: this.#draw.between(1, 3) }, () => {
      this.#nextId += 1;
      const id = `row-${this.#nextId}`;
      const text = "x".repeat(this.#draw.below(this.#draw.oneOf([10, 100, 600])));
      const row = { record: "told", id, text };
      const known = { file, row, isAcknowledged: false, mayBeThere: false, isUnderWay: false };
      this.#rows.set(id, known);
      return known;
    });
  }

  /** A row that is appended again with its id, as a start after a crash would, or a careless caller. */
  #earlierRow(): KnownRow | undefined {
    const settled = [...this.#rows.values()].filter(({ isUnderWay }) => !isUnderWay);
    return settled.length === 0 ? undefined : this.#draw.oneOf(settled);
  }

  #judgeProcess(process: SimulatedProcess): void {
    if (process.syncsAfterFailure > 0)
      this.#breaches.push("a sync was tried again after it failed");
  }

  /** Opens the ledger for the last time and looks at what is there. */
  async #look(): Promise<boolean> {
    const process = this.#disk.process();
    const store = await this.#open(process).catch((error: unknown) => error);
    const isDamaged = this.#verify(process);
    if (isDamaged !== store instanceof LedgerDamagedError) {
      this.#breaches.push(
        `verification and opening disagree: ${String(isDamaged)}, ${String(store)}`,
      );
    }
    const { reader } = readOnDisk(this.#disk);
    for (const file of FILES) this.#judgeRows(file, [...reader.read(file)]);
    if (!(store instanceof JsonlStore)) return isDamaged;
    for (const file of FILES) await store.append(file, [{ record: "told", id: `last-${file}` }]);
    for (const file of FILES) {
      const last = [...store.read(file)].at(-1);
      if (last?.id !== `last-${file}`)
        this.#breaches.push(`${file}: a row appended at the end is not there`);
    }
    await store.close();
    if (this.#verify(process)) this.#breaches.push("appending changed what is damaged");
    return isDamaged;
  }

  #judgeRows(file: LedgerFile, rows: readonly Row[]): void {
    const byId = new Map(rows.map((row) => [row.id, row]));
    if (byId.size !== rows.length) this.#breaches.push(`${file}: an id is there twice`);
    for (const id of byId.keys()) {
      if (this.#rows.get(id)?.file !== file)
        this.#breaches.push(`${file}: ${id} was never appended`);
    }
    for (const known of this.#rows.values()) {
      if (known.file === file) this.#judgeRow(known, byId.get(known.row.id));
    }
  }

  #judgeRow({ file, row, isAcknowledged, mayBeThere }: KnownRow, found: Row | undefined): void {
    if (isAcknowledged && found === undefined) {
      this.#breaches.push(`${file}: ${row.id} was acknowledged and is gone`);
    }
    if (!isAcknowledged && !mayBeThere && found !== undefined) {
      this.#breaches.push(`${file}: ${row.id} was refused and is there`);
    }
    if (found !== undefined && found["text"] !== row["text"]) {
      this.#breaches.push(`${file}: ${row.id} has other content`);
    }
  }

  /** Only a crash of the machine may leave damage. */
  #verify(process: SimulatedProcess): boolean {
    const { findings, isDamaged } = verifyLedger(FOLDER, { mode: "full", fileSystem: process });
    if (isDamaged && this.#crashes === 0) {
      this.#breaches.push(`damage without a crash of the machine: ${JSON.stringify(findings)}`);
    }
    if (findings.some(({ kind }) => kind === "quarantine")) {
      this.#breaches.push("a torn tail's copy is not what was cut off");
    }
    return isDamaged;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
