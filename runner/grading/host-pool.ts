import { GraderError } from "./grade-result.ts";
import type { HostAnswer, SolutionHost } from "./solution-host.ts";

/** Enough to keep a second core busy while the suite uses the first. */
const SPARES = 2;
/** A module that hangs while loading hangs again: waiting for it each time would take minutes. */
const HUNG_LOADS_MAX = 2;

/** Starts a fresh host for each scenario ahead of time, and leaves none running. */
export class HostPool {
  /** How often the solution did not answer in time, while loading or later. */
  hangs = 0;
  /** The total number of hosts needed, once known. The pool starts no more spares than that. */
  wanted = Infinity;
  #startedInAll = 0;
  readonly #start: () => SolutionHost;
  readonly #started = new Set<SolutionHost>();
  readonly #spares: SolutionHost[] = [];
  #hungLoads = 0;

  constructor(start: () => SolutionHost) {
    this.#start = start;
    this.#fill();
  }

  /** @throws GraderError if the host's own code does not run. */
  async open(): Promise<{ readonly host: SolutionHost; readonly loaded: HostAnswer }> {
    const host = this.#spares.shift() ?? this.#startOne();
    if (this.#hungLoads < HUNG_LOADS_MAX) this.#fill();
    if (!(await host.hasStarted)) {
      const answer = await host.loaded;
      const reason = answer.kind === "broken" ? answer.reason : "It said nothing.";
      throw new GraderError(`The process for the solution did not start. ${reason}`);
    }
    return { host, loaded: await this.#load(host) };
  }

  async close(host: SolutionHost): Promise<void> {
    this.#started.delete(host);
    await host.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#started].map((host) => this.close(host)));
  }

  async #load(host: SolutionHost): Promise<HostAnswer> {
    if (this.#hungLoads >= HUNG_LOADS_MAX) {
      const reason = "The solution's module never finishes loading.";
      return { kind: "broken", reason, hasHung: true };
    }
    const loaded = await host.loaded;
    if (loaded.kind === "broken" && loaded.hasHung) {
      this.#hungLoads += 1;
      this.hangs += 1;
    }
    return loaded;
  }

  #fill(): void {
    while (this.#spares.length < SPARES && this.#startedInAll < this.wanted)
      this.#spares.push(this.#startOne());
  }

  #startOne(): SolutionHost {
    const host = this.#start();
    this.#started.add(host);
    this.#startedInAll += 1;
    return host;
  }
}
