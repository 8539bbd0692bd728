/** By default, two counts that differ by more than this share are divergent. */
export const DIVERGENCE_SHARE = 0.1;

interface Counts {
  readonly counted: number;
  readonly reported: number;
}

/** Invariant 6: whether two counts of the same work differ by more than a share of the larger. */
export function diverges({ counted, reported }: Counts, share: number): boolean {
  return Math.abs(counted - reported) > share * Math.max(counted, reported);
}

/** The difference by which two counts are judged: as a share of the larger, below 0 if less was reported. */
export function differenceShare({ counted, reported }: Counts): number {
  const larger = Math.max(counted, reported);
  return larger === 0 ? 0 : (reported - counted) / larger;
}
