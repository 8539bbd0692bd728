/** What became of one acceptance scenario; only `passed` counts. */
export type ScenarioStatus =
  | "passed"
  | "failed"
  | "skipped"
  | "pending"
  | "undefined"
  | "ambiguous"
  | "unknown";

export interface ScenarioResult {
  readonly name: string;
  /** `visible` scenarios stand in the feature that the agent was given. */
  readonly suite: "visible" | "held-out";
  readonly status: ScenarioStatus;
  /** Why it did not pass, at most 500 characters. */
  readonly message?: string;
}

/** What kept the solution away from the machine while it was graded. */
export type Isolation = "bubblewrap" | "permissions" | "none";

export interface Grade {
  /** Visible scenarios first, in the order of their files. */
  readonly scenarios: readonly ScenarioResult[];
  /** Passed scenarios by all scenarios, 0…1. */
  readonly quality: number;
  readonly durationMs: number;
  readonly isolation: Isolation;
  readonly cucumberVersion: string;
}
