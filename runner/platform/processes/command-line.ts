/** A process to start, without a shell and with exactly this environment. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The first argument is a module of this product. A sandbox runs it in the process that forwards. */
  readonly isOwnModule?: true;
  /** Files of the agent's home that are written before it starts, by their paths in it. */
  readonly files?: Readonly<Record<string, string>>;
}
