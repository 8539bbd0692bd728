import type { Clock } from "../domain/clock.ts";
import type { LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow } from "../domain/row.ts";
import type { LedgerFolder } from "./file-system.ts";

export interface StoreLimits {
  /** A segment that has reached this many bytes is sealed. */
  readonly segmentBytesMax: number;
  /** How long an append waits for another process that holds the file's lock. */
  readonly lockWaitMs: number;
  /** Bytes of payloads that are appended but not yet durable. */
  readonly queuedBytesMax: number;
  /** Rows between two checkpoints that the store makes by itself. */
  readonly checkpointEveryRows: number;
  /** A ledger of at most so many bytes is checked whole when it is opened. */
  readonly checkedBytesMax: number;
}

export const STORE_LIMITS: StoreLimits = {
  segmentBytesMax: 64 * 1_048_576,
  lockWaitMs: 60_000,
  queuedBytesMax: 256 * 1_048_576,
  checkpointEveryRows: 1_000,
  checkedBytesMax: 64 * 1_048_576,
};

/** What every part of one open ledger shares. */
export interface LedgerContext extends LedgerFolder {
  readonly ledgerId: string;
  readonly clock: Clock;
  readonly agentId: string;
  readonly toolVersion: string;
  readonly makeId: () => string;
  readonly limits: StoreLimits;
  /** Takes an anomaly that the storage itself has noticed. */
  readonly onAnomaly: (anomaly: NewRow) => void;
  /** Takes the name of a torn tail's copy. */
  readonly onQuarantined: (name: string) => void;
  /** Bytes of a segment that the last checkpoint names. Nothing below them is ever cut off. */
  readonly checkpointedBytes: (file: LedgerFile, segment: number) => number;
}
