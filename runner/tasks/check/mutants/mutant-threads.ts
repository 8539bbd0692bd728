import path from "node:path";
import { Worker } from "node:worker_threads";

import { stripFiles } from "../../grading/host/strip-files.ts";
import { type OwnHosts, SolutionBrokenError } from "../../grading/suite/runner-channel.ts";
import type { StrippedSolution, ThreadRequest } from "./thread-message.ts";

/** Enough to keep a second core busy. */
const SPARES = 2;
const HEAP_MIB_MAX = 256;
/** A scenario that uses so much never ends. A thread that waits for the machine uses nothing. */
const CPU_MS_MAX = 3000;
const WALL_MS_MAX = 18_000;
const LOOK_MS = 250;
const MICROSECONDS_PER_MS = 1000;

const THREAD = path.join(import.meta.dirname, `mutant-thread${path.extname(import.meta.filename)}`);

/** Gives each scenario a fresh thread with the mutant whose turn it is. Threads start ahead of time. */
export class MutantThreads implements OwnHosts {
  readonly #module: string;
  readonly #stripped: StrippedSolution;
  readonly #threads = new Map<number, MutantThread>();
  readonly #spares: MutantThread[] = [];
  /** null: the solution itself. */
  mutant: string | null = null;

  constructor({ solution, module }: { readonly solution: string; readonly module: string }) {
    this.#module = module;
    // Node's compiler of types would take most of the time of each thread.
    const files: StrippedSolution["files"] = JSON.parse(
      Buffer.from(stripFiles(solution)).toString(),
    );
    this.#stripped = { solution, files };
  }

  async ask(host: number, payload?: Uint8Array): Promise<Uint8Array> {
    if (payload !== undefined) {
      return await this.#threadOf(host).request({ kind: "request", payload });
    }
    while (this.#spares.length <= SPARES) this.#spares.push(this.#start());
    const thread = this.#spares.shift() ?? this.#start();
    this.#threads.set(host, thread);
    return await thread.request({ kind: "load", module: this.#module, mutant: this.mutant });
  }

  close(host: number): void {
    this.#threads.get(host)?.stop("The scenario is over.");
    this.#threads.delete(host);
  }

  stopAll(): void {
    for (const thread of [...this.#threads.values(), ...this.#spares]) thread.stop("All is done.");
  }

  #start(): MutantThread {
    return new MutantThread(this.#stripped);
  }

  #threadOf(host: number): MutantThread {
    const thread = this.#threads.get(host);
    if (thread === undefined) throw new SolutionBrokenError("The solution was never loaded.");
    return thread;
  }
}

type Waiting = PromiseWithResolvers<Uint8Array>;

class MutantThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #broken: string | undefined;

  constructor(workerData: StrippedSolution) {
    this.#worker = new Worker(THREAD, {
      workerData,
      // Node's own options, such as those for tests, are not for a solution.
      execArgv: [],
      env: {},
      // What a solution prints is thrown away.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX },
    });
    this.#worker.on("message", (reply: Uint8Array) => this.#waiting.shift()?.resolve(reply));
    this.#worker.on("error", ({ message }) => this.stop(`The solution's thread ended: ${message}`));
    this.#worker.on("exit", () => this.stop("The solution's thread ended."));
  }

  async request(request: ThreadRequest): Promise<Uint8Array> {
    if (this.#broken !== undefined) throw new SolutionBrokenError(this.#broken);
    const waiting: Waiting = Promise.withResolvers();
    this.#waiting.push(waiting);
    this.#worker.postMessage(request, []);
    const startedMs = performance.now();
    const timer = setInterval(() => void this.#look(startedMs), LOOK_MS);
    try {
      return await waiting.promise;
    } finally {
      clearInterval(timer);
    }
  }

  stop(reason: string): void {
    this.#broken ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(new SolutionBrokenError(reason));
    void this.#worker.terminate();
  }

  async #look(startedMs: number): Promise<void> {
    const isLate = performance.now() - startedMs > WALL_MS_MAX;
    if (isLate || (await this.#cpuMs()) > CPU_MS_MAX) this.stop("The solution did not answer.");
  }

  /** What the thread has used since its start; it serves one scenario. */
  async #cpuMs(): Promise<number> {
    try {
      const { user, system } = await this.#worker.cpuUsage();
      return (user + system) / MICROSECONDS_PER_MS;
    } catch {
      // A thread that is not running uses nothing.
      return 0;
    }
  }
}
