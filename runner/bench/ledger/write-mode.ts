/** Where a process writes: to a file without a lock, to a ledger that nobody else has, to one with all others. */
export const WRITE_MODES = ["unlocked", "own", "shared"] as const;
export type WriteMode = (typeof WRITE_MODES)[number];
