import { setTimeout as sleep } from "node:timers/promises";

import {
  type PrivateCluster,
  query,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import type { Draw } from "../../../ledger/store/test-support/draw.ts";
import type { StoreProcess } from "./store-process.ts";
import type { Deed } from "./storm-plan.ts";

/** The longest. A worker that is paused for more than half a minute has lost its window. */
const PAUSE_MS = { worker: 60_000, coordinator: 15_000, server: 6000, down: 4000 };
/** Between two words to the same worker. */
const TELL_MS = 1500;
/** More than any end after Ctrl-C takes on a busy machine. */
const END_MS = 150_000;

interface StrikeParts {
  readonly cluster: PrivateCluster;
  readonly address: string;
  readonly draw: Draw;
  readonly workers: () => readonly StoreProcess[];
  readonly coordinator: () => StoreProcess | undefined;
  readonly blame: (fault: string) => void;
}

/** What a storm does to processes, their server and their connections. */
export class Strikes {
  readonly #parts: StrikeParts;
  readonly #paused = new Set<StoreProcess>();

  constructor(parts: StrikeParts) {
    this.#parts = parts;
  }

  /** Each says whether it hit anything. */
  readonly all: Readonly<Record<Deed, () => boolean | Promise<boolean>>> = {
    "workers killed": () => this.#someWorker()?.signal("SIGKILL") === true,
    "workers paused": () => this.#pause(this.#someWorker(), PAUSE_MS.worker),
    "workers told to end": () => this.#tellToEnd(this.#someWorker()),
    "coordinators killed": () => this.#parts.coordinator()?.signal("SIGKILL") === true,
    "coordinators paused": () => this.#pause(this.#parts.coordinator(), PAUSE_MS.coordinator),
    "coordinators interrupted": () => this.#interrupt(),
    "servers killed": async () => await this.#killServer(),
    "servers paused": async () => await this.#pauseServer(),
    "connections cut": async () => await this.#cut(),
  };

  /** At once, or when its windows are done, by the time between both words. */
  #tellToEnd(worker: StoreProcess | undefined): boolean {
    setTimeout(() => worker?.signal("SIGTERM"), this.#parts.draw.below(TELL_MS));
    return worker?.signal("SIGTERM") === true;
  }

  async #killServer(): Promise<boolean> {
    const { cluster } = this.#parts;
    await cluster.kill();
    await sleep(this.#parts.draw.below(PAUSE_MS.down));
    await cluster.start();
    return true;
  }

  async #pauseServer(): Promise<boolean> {
    const { cluster } = this.#parts;
    cluster.pause();
    await sleep(this.#parts.draw.below(PAUSE_MS.server));
    cluster.goOn();
    return true;
  }

  /** One with a window, if there is one. A paused one is to wake up. */
  #someWorker(): StoreProcess | undefined {
    const all = this.#parts.workers().filter((worker) => !this.#paused.has(worker));
    const atWork = all.filter((worker) => worker.isAtWork());
    const some = atWork.length > 0 ? atWork : all;
    return some[this.#parts.draw.below(some.length)];
  }

  #pause(process: StoreProcess | undefined, mostMs: number): boolean {
    if (process?.signal("SIGSTOP") !== true) return false;
    this.#paused.add(process);
    const goOn = (): void => {
      this.#paused.delete(process);
      process.signal("SIGCONT");
    };
    setTimeout(goOn, this.#parts.draw.below(mostMs));
    return true;
  }

  #interrupt(): boolean {
    const run = this.#parts.coordinator();
    if (run?.signal("SIGINT") !== true) return false;
    const tooLong = setTimeout(() => this.#parts.blame("A run did not end after Ctrl-C."), END_MS);
    void run.ended.then(() => clearTimeout(tooLong));
    return true;
  }

  async #cut(): Promise<boolean> {
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'counterbalance%' and pid % 2 = $1`;
    const connections = query(this.#parts.address, cut, [this.#parts.draw.below(2)]);
    return (await connections.catch(() => [])).length > 0;
  }
}
