/** By default, two counts that differ by more than this share are divergent. */
export const DIVERGENCE_SHARE = 0.1;

/** Invariant 6: whether two counts of the same work differ by more than a share of the larger. */
export function diverges(
  { counted, reported }: { readonly counted: number; readonly reported: number },
  share: number,
): boolean {
  return Math.abs(counted - reported) > share * Math.max(counted, reported);
}
