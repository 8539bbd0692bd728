import type { runCucumber } from "@cucumber/cucumber/api";

import { STATUSES, type ScenarioStatus, type SuiteReport } from "./suite-message.ts";

export type Envelope = Parameters<NonNullable<Parameters<typeof runCucumber>[2]>>[0];
type TestCase = NonNullable<Envelope["testCase"]>;
type StepResult = NonNullable<Envelope["testStepFinished"]>["testStepResult"];

interface Running {
  readonly key: string;
  readonly testCase: TestCase;
  readonly results: StepResult[];
}

const MESSAGE_CHARS_MAX = 500;
/** Turns cucumber's messages into reports, one scenario at a time. */
export class ScenarioReports {
  readonly #tell: (report: SuiteReport) => void;
  readonly #keys = new Map<string, string>();
  readonly #cases = new Map<string, TestCase>();
  readonly #running = new Map<string, Running>();
  readonly faults: string[] = [];
  cucumberVersion = "unknown";

  constructor(tell: (report: SuiteReport) => void) {
    this.#tell = tell;
  }

  receive(envelope: Envelope): void {
    const { meta, parseError, undefinedParameterType: unknownType } = envelope;
    if (meta !== undefined) this.cucumberVersion = meta.implementation.version ?? "unknown";
    if (parseError !== undefined)
      this.faults.push(`${parseError.source.uri ?? ""}: ${parseError.message}`);
    if (unknownType !== undefined)
      this.faults.push(`There is no parameter type "${unknownType.name}".`);
    this.#receivePlan(envelope);
    this.#receiveRun(envelope);
  }

  #receivePlan({ pickle, testCase }: Envelope): void {
    if (pickle !== undefined) {
      const key = `${pickle.uri}:${pickle.location?.line ?? 0}`;
      this.#keys.set(pickle.id, key);
      const isVisible = pickle.uri === "feature.feature";
      this.#tell({ kind: "scenario_listed", key, name: pickle.name, isVisible });
    }
    if (testCase !== undefined) this.#cases.set(testCase.id, testCase);
  }

  #receiveRun({
    testCaseStarted: started,
    testStepFinished: step,
    testCaseFinished: finished,
  }: Envelope): void {
    if (started !== undefined) this.#start(started.id, started.testCaseId);
    if (step !== undefined)
      this.#running.get(step.testCaseStartedId)?.results.push(step.testStepResult);
    if (finished !== undefined) this.#finish(finished.testCaseStartedId);
  }

  #start(startedId: string, testCaseId: string): void {
    const testCase = this.#cases.get(testCaseId);
    if (testCase === undefined) return;
    const key = this.#keys.get(testCase.pickleId) ?? "";
    this.#running.set(startedId, { key, testCase, results: [] });
    this.#tell({ kind: "scenario_started", key });
  }

  #finish(startedId: string): void {
    const running = this.#running.get(startedId);
    if (running === undefined) return;
    this.#running.delete(startedId);
    const hasSteps = running.testCase.testSteps.some(
      ({ pickleStepId }) => pickleStepId !== undefined,
    );
    const worst = running.results.toSorted((a, b) => rankOf(b) - rankOf(a)).at(0);
    const status = worst === undefined || !hasSteps ? "unknown" : statusOf(worst);
    const message = worst === undefined ? undefined : messageOf(worst);
    this.#tell({
      kind: "scenario_finished",
      key: running.key,
      status,
      ...(message === undefined ? {} : { message }),
    });
  }
}

function statusOf({ status }: StepResult): ScenarioStatus {
  return STATUSES.find((known) => known === status.toLowerCase()) ?? "unknown";
}

function rankOf(result: StepResult): number {
  return STATUSES.indexOf(statusOf(result));
}

/** The error without its stack, which would hold paths of this machine. */
function messageOf({ exception, message }: StepResult): string | undefined {
  const text = exception === undefined ? message : `${exception.type}: ${exception.message ?? ""}`;
  return text?.slice(0, MESSAGE_CHARS_MAX);
}
