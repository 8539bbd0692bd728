/** A failure that a user can understand and mend; its message stands alone, without a stack. */
export abstract class CounterbalanceError extends Error {
  /** The process's exit code, as `experiment --help` lists them. */
  abstract readonly exitCode: number;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
