import type { Envelope, Pickle, TestCaseStarted } from "@cucumber/messages";

import type { Reached, Report } from "./order.ts";

/** The scenarios of a feature that count. Teams work only in slow ones. */
export function tagsOf(feature: string): string {
  const slow = feature.startsWith("features/agents/") ? "(@slow and @spawn)" : "@slow";
  return `not @live and not ${slow}`;
}

/** What mutated code reads and writes, in this process. */
export const stryker: {
  activeMutant?: string | undefined;
  /** A mutant that is reached meanwhile is noted for it. */
  currentTestId?: string | undefined;
  mutantCoverage?: Readonly<Record<"static" | "perTest", Record<string, object>>>;
} = {};
Reflect.set(globalThis, "__stryker__", stryker);

const GREEN: readonly string[] = ["PASSED", "SKIPPED"];

/** What became of the scenarios of a run, and which mutants each of them reached. */
export class Scenarios {
  readonly #pickles = new Map<string, Pickle>();
  /** Scenarios by the ids of their test cases, and of the runs of those. */
  readonly #scenarios = new Map<string, string>();
  readonly #startedMs = new Map<string, number>();
  readonly #reached: Reached[] = [];
  readonly #ran: string[] = [];
  readonly #failed = new Set<string>();

  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  /** Cucumber says everything at once when it happens. */
  note({ pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished }: Envelope): void {
    if (pickle !== undefined) this.#pickles.set(pickle.id, pickle);
    if (testCase !== undefined) {
      const { uri, location } = this.#pickles.get(testCase.pickleId) ?? {};
      this.#scenarios.set(testCase.id, `${String(uri)}:${String(location?.line)}`);
    }
    if (testCaseStarted !== undefined) this.#start(testCaseStarted);
    if (testStepFinished !== undefined) {
      const { testCaseStartedId, testStepResult } = testStepFinished;
      if (!GREEN.includes(testStepResult.status)) this.#failed.add(this.#of(testCaseStartedId));
    }
    if (testCaseFinished !== undefined) this.#finish(testCaseFinished.testCaseStartedId);
  }

  report(): Report {
    return {
      ran: this.#ran,
      failed: [...this.#failed],
      hasFault: false,
      reached: this.#reached,
      loaded: Object.keys(stryker.mutantCoverage?.static ?? {}),
    };
  }

  #start({ id, testCaseId }: TestCaseStarted): void {
    const scenario = this.#of(testCaseId);
    this.#scenarios.set(id, scenario);
    this.#startedMs.set(id, performance.now());
    stryker.currentTestId = scenario;
  }

  #finish(id: string): void {
    const scenario = this.#of(id);
    const ms = performance.now() - (this.#startedMs.get(id) ?? 0);
    const ids = Object.keys(stryker.mutantCoverage?.perTest[scenario] ?? {});
    this.#ran.push(scenario);
    this.#reached.push({ scenario, ms, ids });
    delete stryker.currentTestId;
  }

  #of(id: string): string {
    return this.#scenarios.get(id) ?? "";
  }
}
