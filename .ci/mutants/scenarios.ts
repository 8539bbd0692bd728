import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

import type { Envelope, Pickle, TestCaseStarted } from "@cucumber/messages";

import { PART, type Reached, type Report } from "./order.ts";
import { reachedIn } from "./reach.ts";

/** Teams and workers work only in slow scenarios. The storm is longer than any mutant may take. */
const OF_WORKERS = /^features\/workers\/(?!storm)/u;

/** The scenarios of a feature that count. */
export function tagsOf(feature: string): string {
  if (OF_WORKERS.test(feature)) return "not @live";
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

/** The variables of programs that scenarios start. */
export const programVariables: { now: Readonly<Record<string, string>> } = { now: {} };

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
  readonly #programs: string;

  /** @param programs - The folder in which programs note what they reach. */
  constructor(programs: string) {
    this.#programs = programs;
  }

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
    const own = Object.keys(stryker.mutantCoverage?.perTest[scenario] ?? {});
    const ids = [...new Set([...own, ...takeNotes(this.#programs)])];
    this.#ran.push(scenario);
    this.#reached.push({ scenario, ms, ids });
    delete stryker.currentTestId;
  }

  #of(id: string): string {
    return this.#scenarios.get(id) ?? "";
  }
}

/** What programs have noted since the last time. What code reaches when it is loaded is not among it. */
function takeNotes(folder: string): readonly string[] {
  const whole = readdirSync(folder).filter((name) => !name.endsWith(PART));
  const ids = whole.flatMap((name) => {
    const file = path.join(folder, name);
    const reached = reachedIn(file);
    rmSync(file);
    return reached;
  });
  const loaded = stryker.mutantCoverage?.static ?? {};
  return ids.filter((id) => !(id in loaded));
}
