import { FailedError } from "../../../ledger/domain/errors.ts";
import type { Quality } from "./quality.ts";
import type { ScenarioStatus } from "./suite/suite-message.ts";

export interface ScenarioResult {
  readonly name: string;
  /** `visible` scenarios are in the feature that the agent was given. */
  readonly suite: "visible" | "held-out";
  readonly status: ScenarioStatus;
  /** Why it did not pass, at most 500 characters. */
  readonly message?: string;
}

/** What isolated the solution from the machine during grading. */
export type Isolation = "bubblewrap" | "permissions" | "none";

export interface Grade extends Quality {
  /** Visible scenarios first, in the order of their files. */
  readonly scenarios: readonly ScenarioResult[];
  readonly durationMs: number;
  readonly isolation: Isolation;
  /** Absent if a command graded the work. */
  readonly cucumberVersion?: string;
  /** Why the results can't be true; absent if nothing speaks against them. */
  readonly tampering?: string;
}

/** The grader or the task's suite broke, not the solution. The window's outcome is `grader_error`. */
export class GraderError extends FailedError {}

/** The machine kept the grader from running, so that nothing is known about the solution. */
export class GraderStarvedError extends GraderError {}
