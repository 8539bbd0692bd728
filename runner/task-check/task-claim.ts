/** A claim about a task that the check proved or disproved. */
export interface TaskClaim {
  readonly claim: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
  /** A word for scripts. */
  readonly code?: string | undefined;
}
