/** How an account adds up what was taken; grains. */
export interface RunningSum {
  total(): number;
  /** As of now, or of a moment (epoch ms). Less than nothing takes back what was added as of the same moment. */
  add(grains: number, atMs?: number): void;
  /** When the total will be at most so much, epoch ms; null where time alone changes nothing. */
  whenAtMost(grains: number): number | null;
}

/** Counts for ever. */
export function plainSum(from: number): RunningSum {
  let sum = from;
  return {
    total: () => sum,
    add: (grains) => void (sum = Math.min(Number.MAX_SAFE_INTEGER, sum + grains)),
    whenAtMost: () => null,
  };
}
