import type { LedgerFile } from "../domain/ledger-file.ts";

/** What can be wrong with a ledger's files. */
export type FindingKind =
  | "no-row"
  | "changed-last-row"
  | "chain-broken"
  | "seq-gap"
  | "unreadable-row"
  | "unknown-version"
  | "duplicate-id"
  | "segment-missing"
  | "segment-end"
  | "torn-tail"
  | "checkpoint-mismatch"
  | "anchor-mismatch"
  | "header"
  | "quarantine"
  | "capture-changed"
  | "capture-missing"
  | "unknown-file";

/**
 * One finding of a verification. `damage` means that something acknowledged was changed or is gone.
 * A `note` is harmless, or mended when the ledger is next opened.
 */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: "damage" | "note";
  /** Absent if it concerns the whole ledger. */
  readonly file?: LedgerFile;
  readonly segment?: number;
  /** Bytes from the start of the segment. */
  readonly offset?: number;
  readonly bytes?: number;
  readonly message: string;
}
