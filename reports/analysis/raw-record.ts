/** A record of a file of windows before its values were checked. */
export interface RawRecord {
  /** Counted from 1. */
  readonly line: number;
  readonly values: unknown;
}
