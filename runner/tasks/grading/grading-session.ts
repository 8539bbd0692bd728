import { GraderError, GraderStarvedError, type ScenarioResult } from "./grade-result.ts";
import type { HostPool } from "./host-pool.ts";
import { FIRST_REQUEST_ID } from "./host/frames.ts";
import type { HostAnswer, SolutionHost } from "./solution-host.ts";
import type { SuiteAnswer, SuiteReport } from "./suite/suite-message.ts";

/** Own time of the solution and of the suite together. */
const SCENARIO_MS_MAX = 60_000;
/** A scenario whose host was starved is run again so often, each time in fresh processes. */
const TRIES_MAX = 3;

/** The connection to the trusted process that is running. */
export interface SuiteLine {
  readonly pid: number | undefined;
  readonly reply: (answer: SuiteAnswer) => void;
  readonly kill: () => void;
}

interface CurrentScenario {
  readonly key: string;
  hasHeard: boolean;
  ownMs: number;
  /** It counts for nothing and is run again. */
  isStarved: boolean;
}

type Listed = Omit<Extract<SuiteReport, { kind: "scenario_listed" }>, "kind">;
type Verdict = Pick<Extract<SuiteReport, { kind: "scenario_finished" }>, "status" | "message">;

/**
 * Stands between the trusted process and the hosts. It keeps the reports of the trusted process, and
 * passes requests and answers between the two without reading them. Only reports of the trusted process
 * make verdicts: a host can do nothing here except answer what it was asked.
 */
export class GradingSession {
  readonly #pool: Pick<HostPool, "open" | "close" | "wanted">;
  /** The reason why no host is started at all. */
  readonly #refusal: string | undefined;
  readonly #listed = new Map<string, Listed>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #hosts = new Map<number, SolutionHost>();
  #line: SuiteLine | undefined;
  readonly #starvations = new Map<string, number>();
  #current: CurrentScenario | undefined;
  #error: GraderError | undefined;
  hasFinished = false;
  cucumberVersion = "unknown";

  constructor(pool: Pick<HostPool, "open" | "close" | "wanted">, refusal: string | undefined) {
    this.#pool = pool;
    this.#refusal = refusal;
  }

  begin(line: SuiteLine): void {
    this.#line = line;
    this.hasFinished = false;
  }

  /** The trusted process, while it runs. */
  get suitePid(): number | undefined {
    return this.#line?.pid;
  }

  /** Counts own time of the solution or the suite. It ends a scenario that takes too much. */
  addOwnTime(ms: number): void {
    if (this.#current === undefined) return;
    this.#current.ownMs += ms;
    if (this.#current.ownMs >= SCENARIO_MS_MAX) this.#line?.kill();
  }

  /** Ends the trusted process. Its reports so far still count. */
  stop(error?: GraderError): void {
    this.#error ??= error;
    this.#line?.kill();
  }

  get error(): GraderError | undefined {
    return this.#error;
  }

  /** The scenarios without a verdict, in the form that cucumber accepts. */
  get remaining(): readonly string[] {
    return [...this.#listed.keys()].filter((key) => !this.#verdicts.has(key));
  }

  /** Whether a scenario without a verdict was starved. */
  get isRetrying(): boolean {
    return this.remaining.some((key) => this.#starvations.has(key));
  }

  /** Whether every scenario has a verdict; false while no scenario is known. */
  get isComplete(): boolean {
    return this.#listed.size > 0 && this.remaining.length === 0;
  }

  get results(): readonly ScenarioResult[] {
    return [...this.#listed.values()].map(({ key, name, isVisible }) => {
      const { status, message } = this.#verdicts.get(key) ?? { status: "unknown" };
      return {
        name,
        suite: isVisible ? "visible" : "held-out",
        status,
        ...(message === undefined ? {} : { message }),
      };
    });
  }

  receive(report: SuiteReport): void {
    switch (report.kind) {
      case "scenario_listed":
        return this.#list(report);
      case "scenario_started":
        this.#current = { key: report.key, hasHeard: false, ownMs: 0, isStarved: false };
        return undefined;
      case "scenario_finished":
        if (this.#current?.isStarved !== true) this.#verdicts.set(report.key, report);
        this.#current = undefined;
        return undefined;
      case "run_finished":
        return this.#finish(report);
      case "host_opened":
        return void this.#open(report.host, report.id);
      case "host_asked":
        return void this.#pass(report);
      case "host_closed":
        return void this.#close(report.host);
    }
  }

  /**
   * Handles a trusted process that ended early. A value from the solution can cause that, e.g. one that
   * takes all memory to compare: then its scenario fails. Before the first answer the grader is at fault.
   */
  concludeDeath(complaint: string): void {
    const { key, hasHeard, isStarved } = this.#current ?? {};
    this.#current = undefined;
    if (isStarved === true) return;
    if (key !== undefined && hasHeard === true) {
      const message = "The suite's process did not survive what the solution gave back.";
      this.#verdicts.set(key, { status: "failed", message });
      return;
    }
    this.#error ??= new GraderError(
      `The acceptance suite ended too early. ${firstLines(complaint)}`.trim(),
    );
  }

  failRemaining(message: string): void {
    this.#current = undefined;
    for (const key of this.remaining) this.#verdicts.set(key, { status: "failed", message });
  }

  #list({ key, name, isVisible }: Listed): void {
    const twin = [...this.#listed.values()].find(
      (listed) => listed.name === name && listed.key !== key,
    );
    if (twin !== undefined) {
      this.stop(
        new GraderError(
          `Two scenarios have the name "${name}": ${twin.key} and ${key}. Rename one.`,
        ),
      );
    }
    this.#listed.set(key, { key, name, isVisible });
    this.#pool.wanted = this.#listed.size;
  }

  #finish({ faults, cucumberVersion }: Extract<SuiteReport, { kind: "run_finished" }>): void {
    this.hasFinished = true;
    this.cucumberVersion = cucumberVersion;
    if (faults.length > 0)
      this.#error ??= new GraderError(`The acceptance suite is not valid. ${faults.join(" ")}`);
  }

  /** The scenario is run again, unless that was tried often enough. */
  #starve(reason: string): void {
    const current = this.#current;
    if (current === undefined || current.isStarved) return;
    current.isStarved = true;
    const starvations = (this.#starvations.get(current.key) ?? 0) + 1;
    this.#starvations.set(current.key, starvations);
    if (starvations < TRIES_MAX) return;
    const name = this.#listed.get(current.key)?.name ?? current.key;
    this.stop(
      new GraderStarvedError(
        `The scenario "${name}" could not be judged in ${TRIES_MAX} tries. ${reason}`,
      ),
    );
  }

  async #open(number: number, id: number): Promise<void> {
    if (this.#refusal !== undefined) {
      this.#line?.reply({ kind: "broken", id, reason: this.#refusal });
      return;
    }
    try {
      const { host, loaded } = await this.#pool.open();
      this.#hosts.set(number, host);
      this.#answer(id, loaded);
    } catch (error) {
      if (!(error instanceof GraderError)) throw error;
      this.stop(error);
    }
  }

  async #pass({
    host: number,
    id,
    payload,
  }: Extract<SuiteReport, { kind: "host_asked" }>): Promise<void> {
    const host = this.#hosts.get(number);
    if (host === undefined || id < FIRST_REQUEST_ID) return;
    const answer = await host.request({ id, payload });
    this.#answer(id, answer);
  }

  #answer(id: number, answer: HostAnswer): void {
    if (this.#current !== undefined) this.#current.hasHeard = true;
    if (answer.kind === "broken" && answer.cause === "starved") this.#starve(answer.reason);
    this.#line?.reply(
      answer.kind === "answered"
        ? { kind: "answered", id, payload: answer.payload }
        : { kind: "broken", id, reason: answer.reason },
    );
  }

  async #close(number: number): Promise<void> {
    const host = this.#hosts.get(number);
    this.#hosts.delete(number);
    if (host !== undefined) await this.#pool.close(host);
  }
}

function firstLines(complaint: string): string {
  return complaint.split("\n").slice(0, 12).join("\n");
}
