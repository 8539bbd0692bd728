/** What a test process is to run. */
export interface Order {
  /** null: the program as it is. */
  readonly mutant: string | null;
  /** Whether code that runs only once, when it is loaded, reaches the mutant. */
  readonly isLoaded?: boolean;
  /** Test files; feature files or scenarios for the process that runs those. */
  readonly files: readonly string[];
}

export interface Report {
  readonly ran: readonly string[];
  readonly failed: readonly string[];
  /** Whether something failed outside of all tests. */
  readonly hasFault: boolean;
  readonly reached?: readonly Reached[];
  /** The mutants that code reaches when it is loaded, before any scenario. */
  readonly loaded?: readonly string[];
}

/** The mutants, by their ids, that a scenario reaches. */
export interface Reached {
  readonly scenario: string;
  readonly ms: number;
  readonly ids: readonly string[];
}

/** The end of the name of a note that a program is still writing. */
export const PART = ".part";
