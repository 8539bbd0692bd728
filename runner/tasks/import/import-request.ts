/** What to make tasks from. Paths are absolute if nothing else is said. */
export interface ImportRequest {
  /** A folder in the repository. */
  readonly repo: string;
  /** The bank that gets the tasks; it is made if it does not exist. */
  readonly bank: string;
  /** The folder that the agents work in, relative to the repository. */
  readonly path?: string | undefined;
  /** One commit instead of the history. */
  readonly commit?: string | undefined;
  /** The first day, e.g. `2026-01-31`. */
  readonly since?: string | undefined;
  /** The most commits that are looked at, the newest first. */
  readonly limit: number;
  /** The most tasks that are kept; all if absent. */
  readonly enough?: number | undefined;
  /** The name of the task, for one commit. */
  readonly id?: string | undefined;
  /** A file with the statement, for one commit. */
  readonly statement?: string | undefined;
  /** Patterns of the test files, relative to the folder; the runner's own if there are none. */
  readonly tests?: readonly string[] | undefined;
}
