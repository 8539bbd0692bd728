/** The target of a writing process: a file without a lock, a ledger of its own, or one ledger for all. */
export const WRITE_MODES = ["unlocked", "own", "shared"] as const;
export type WriteMode = (typeof WRITE_MODES)[number];
