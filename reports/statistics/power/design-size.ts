/** A cross-over compares within features in two orders, a paired design in one. */
export type PlannedDesign = "crossover" | "paired";

/** What a design of a given size is worth. */
export interface DesignSize {
  readonly nEff: number;
  readonly df: number;
}

/**
 * Effective pairs and degrees of freedom of `n` pairs, split as evenly as they can be.
 *
 * @example
 * designSize("crossover", 5); // { nEff: 4.8, df: 3 }
 */
export function designSize(design: PlannedDesign, n: number): DesignSize {
  if (design === "paired") return { nEff: n, df: n - 1 };
  return splitSize(Math.ceil(n / 2), Math.floor(n / 2));
}

/**
 * The same for a cross-over with a given split.
 *
 * @example
 * splitSize(4, 8); // { nEff: 10.666666666666666, df: 10 }
 */
export function splitSize(nAB: number, nBA: number): DesignSize {
  const n = nAB + nBA;
  return { nEff: (4 * nAB * nBA) / n, df: n - 2 };
}
