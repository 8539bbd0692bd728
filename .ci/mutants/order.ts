/** What a test process is to run. */
export interface Order {
  /** null: the program as it is. */
  readonly mutant: string | null;
  readonly files: readonly string[];
}

export interface Report {
  readonly ran: readonly string[];
  readonly failed: readonly string[];
  /** Whether something failed outside of all tests. */
  readonly hasFault: boolean;
}
