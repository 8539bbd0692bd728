/** A claim about a task that the check proved or disproved. */
export interface TaskClaim {
  readonly claim: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
  /** The last lines that the tests printed, if they show why it does not hold. */
  readonly printed?: readonly string[] | undefined;
  /** A word for scripts. */
  readonly code?: string | undefined;
}
