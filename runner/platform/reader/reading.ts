import type { Clock } from "../../../ledger/domain/clock.ts";
import { LeftOutTally } from "./left-out.ts";

/** The bounds of one reading of what an agent left. Everything beyond them counts as absent. */
export const READING_LIMITS = {
  ms: 60_000,
  bytesMax: 1024 * 1024 * 1024,
  /** Folders on the way to a file. */
  depthMax: 64,
  /** Files, folders and everything else that is looked at. */
  entriesMax: 100_000,
  /** The length of a path below the folder that is read. The same file may get a longer path elsewhere. */
  pathBytesMax: 2048,
};
export type ReadingLimits = Readonly<typeof READING_LIMITS>;

/** The reader stops a little before it is ended, so that what it has read is not lost. */
const OWN_SHARE = 0.8;

/** What one reading may still do, and what it leaves out. */
export class Reading {
  readonly leftOut = new LeftOutTally();
  readonly limits: ReadingLimits;
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #endMs: number;
  entriesLeft: number;
  bytesLeft: number;

  constructor(clock: Pick<Clock, "monotonicMs">, limits: ReadingLimits = READING_LIMITS) {
    this.limits = limits;
    this.#clock = clock;
    this.#endMs = clock.monotonicMs() + limits.ms * OWN_SHARE;
    this.entriesLeft = limits.entriesMax;
    this.bytesLeft = limits.bytesMax;
  }

  get isLate(): boolean {
    return this.#clock.monotonicMs() > this.#endMs;
  }
}
