import type { LedgerFile } from "../domain/ledger-file.ts";

/** Bytes of a ledger that are not what was written. */
export interface Damage {
  readonly file: LedgerFile;
  readonly segment: number;
  /** Bytes from the start of the segment. */
  readonly offset: number;
  /** 0 if something is missing. */
  readonly bytes: number;
  readonly what: string;
}
