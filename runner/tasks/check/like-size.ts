/** Tasks of one bank differ at most by this factor from the one in the middle. */
const FACTOR = 5;

/** The sizes, in changed lines, that tasks of a bank should have. */
export interface SizeRange {
  readonly least: number;
  readonly most: number;
}

/** The range around the median of some sizes; undefined for fewer than three, which have no middle. */
export function rangeOf(sizes: readonly number[]): SizeRange | undefined {
  if (sizes.length < 3) return undefined;
  const sorted = sizes.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { least: Math.max(1, Math.floor(median / FACTOR)), most: median * FACTOR };
}

export function isWithin(size: number, range: SizeRange | undefined): boolean {
  return range === undefined || (size >= range.least && size <= range.most);
}
