import { chisqQuantile, chisqUpperQuantile } from "./chi-square.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import { lgamma } from "./log-gamma.ts";

const NODES = gaussLegendre(64);
const DROPPED_TAIL = 1e-300;

/** Where and how finely to integrate over the spread S = √(χ²/df). */
export interface ChiScaleRange {
  readonly df: number;
  /** Points where the integrand bends; panels break there. */
  readonly kinks: readonly number[];
  readonly panels: number;
  /** Density below which f is not evaluated, for an f of at most 1; 0 by default. */
  readonly negligible?: number;
  /** Upper end, where the integrand ends before the density does. */
  readonly high?: number;
}

/**
 * The mean of f(S) where S = √(χ²/df) is the ratio of an estimated to a true standard deviation.
 *
 * Every power calculation is such a mean: given S, the remaining chance is a normal one. Integrates
 * with 64-point Gauss–Legendre on equal panels over the range where both tails are above 1e-300.
 *
 * @example
 * integrateOverChiScale((s) => s * s, { df: 5, kinks: [], panels: 60 }); // 1
 */
export function integrateOverChiScale(f: (s: number) => number, range: ChiScaleRange): number {
  const { df, negligible = 0 } = range;
  const logConstant = Math.LN2 + (df / 2) * Math.log(df / 2) - lgamma(df / 2);
  const breaks = panelBreaks(range);
  let total = 0;
  for (const [index, low] of breaks.entries()) {
    const high = breaks[index + 1];
    if (high === undefined) break;
    const half = (high - low) / 2;
    for (const { at, weight } of NODES) {
      const s = half * at + (low + high) / 2;
      const logDensity = logConstant + (df - 1) * Math.log(s) - (df * s * s) / 2;
      const density = Math.exp(logDensity);
      if (density > negligible) total += half * weight * f(s) * density;
    }
  }
  return total;
}

function panelBreaks({ df, kinks, panels, high }: ChiScaleRange): readonly number[] {
  const { from, to } = effectiveRange(df);
  const end = Math.min(to, high ?? Infinity);
  if (!(end > from)) return [];
  const even = Array.from({ length: panels + 1 }, (_, i) => from + ((end - from) * i) / panels);
  const inside = kinks.filter((kink) => kink > from && kink < end);
  return [...even, ...inside].toSorted((a, b) => a - b);
}

const ranges = new Map<number, { readonly from: number; readonly to: number }>();
const RANGES_KEPT_MAX = 2000;

/** Remembered per df, because a search for a sample size asks for the same few again and again. */
function effectiveRange(df: number): { readonly from: number; readonly to: number } {
  const known = ranges.get(df);
  if (known !== undefined) return known;
  const range = {
    from: Math.sqrt(chisqQuantile(DROPPED_TAIL, df) / df),
    to: Math.sqrt(chisqUpperQuantile(DROPPED_TAIL, df) / df),
  };
  if (ranges.size >= RANGES_KEPT_MAX) ranges.clear();
  ranges.set(df, range);
  return range;
}
