import { GraderError } from "./grade-result.ts";
import type { HostAnswer, SolutionHost } from "./solution-host.ts";

/** Enough to keep a second core busy while the suite uses the first. */
const SPARES = 2;
/** A module that has hung so often while loading gets less time for it. Each scenario is still tried. */
const HUNG_LOADS_MAX = 2;

/** Starts a fresh host for each scenario ahead of time, and leaves none running. */
export class HostPool {
  /** The total number of hosts needed, once known. The pool does not start spares beyond that. */
  wanted = Infinity;
  #startedInAll = 0;
  readonly #start: (hasHungOften: boolean) => SolutionHost;
  readonly #started = new Set<SolutionHost>();
  readonly #spares: SolutionHost[] = [];
  #hungLoads = 0;

  constructor(start: (hasHungOften: boolean) => SolutionHost) {
    this.#start = start;
    this.#fill();
  }

  /** @throws GraderError if the host's own code does not run, although the machine let it. */
  async open(): Promise<{ readonly host: SolutionHost; readonly loaded: HostAnswer }> {
    const host = this.#spares.shift() ?? this.#startOne();
    if (!this.#hasHungOften) this.#fill();
    const hasStarted = await host.hasStarted;
    const loaded = await host.loaded;
    if (loaded.kind === "broken") {
      if (!hasStarted && loaded.cause !== "starved") {
        throw new GraderError(`The process for the solution did not start. ${loaded.reason}`);
      }
      if (loaded.cause === "hung") this.#hungLoads += 1;
    }
    return { host, loaded };
  }

  /**
   * Ends hosts whose answers are overdue.
   * @returns the own time of the host that a scenario waits for; undefined if none waits.
   */
  sample(): number | undefined {
    let ownMs: number | undefined;
    for (const host of this.#started) {
      const isWaitedFor = host.isAsked && !this.#spares.includes(host);
      const hostMs = host.sample();
      if (isWaitedFor) ownMs = Math.max(ownMs ?? 0, hostMs);
    }
    return ownMs;
  }

  async close(host: SolutionHost): Promise<void> {
    this.#started.delete(host);
    await host.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#started].map((host) => this.close(host)));
  }

  get #hasHungOften(): boolean {
    return this.#hungLoads >= HUNG_LOADS_MAX;
  }

  #fill(): void {
    while (this.#spares.length < SPARES && this.#startedInAll < this.wanted)
      this.#spares.push(this.#startOne());
  }

  #startOne(): SolutionHost {
    const host = this.#start(this.#hasHungOften);
    this.#started.add(host);
    this.#startedInAll += 1;
    return host;
  }
}
