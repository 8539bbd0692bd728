import type { SuiteReport } from "../../grading/suite/suite-message.ts";

/** Watches a run of a suite for the first scenario that does not pass. */
export class FirstFailure {
  readonly #names = new Map<string, string>();
  /** The scenario's name; null if all passed. */
  failed: string | null = null;

  receive(report: SuiteReport): void {
    if (report.kind === "scenario_listed") this.#names.set(report.key, report.name);
    if (report.kind === "scenario_finished" && report.status !== "passed") {
      this.failed ??= this.#names.get(report.key) ?? report.key;
    }
  }
}
