import { chisqQuantile, chisqUpperQuantile } from "./chi-square.ts";
import { lgamma } from "./log-gamma.ts";
import { remember } from "./remember.ts";

const NEWTON_STEPS_MAX = 100;
const NODES = gaussLegendre(64);
const DROPPED_TAIL = 1e-300;

/** The range of the spread S = √(χ²/df) to integrate over, and its division into panels. */
export interface ChiScaleRange {
  readonly df: number;
  /** Points at which the integrand bends; panels break there. */
  readonly kinks: readonly number[];
  readonly panels: number;
  /** Density below which f is not evaluated, for an f of at most 1; 0 by default. */
  readonly negligible?: number;
  /** Upper end, if the integrand ends before the density does. */
  readonly high?: number;
}

/**
 * The mean of f(S) where S = √(χ²/df) is the ratio of an estimated to a true standard deviation.
 *
 * Every power calculation is such a mean: given S, the remaining chance is a normal one. Integrates
 * with 64-point Gauss–Legendre on equal panels, between the points with tails of 1e-300.
 *
 * @example
 * integrateOverChiScale((s) => s * s, { df: 5, kinks: [], panels: 60 }); // 1
 */
export function integrateOverChiScale(f: (s: number) => number, range: ChiScaleRange): number {
  const { df, negligible = 0 } = range;
  const logConstant = Math.LN2 + (df / 2) * Math.log(df / 2) - lgamma(df / 2);
  const densityAt = (s: number) =>
    Math.exp(logConstant + (df - 1) * Math.log(s) - (df * s * s) / 2);
  const mode = Math.sqrt(Math.max(0, df - 1) / df);
  const breaks = panelBreaks(range);
  let total = 0;
  for (const [index, low] of breaks.entries()) {
    const high = breaks[index + 1];
    if (high === undefined) break;
    if (densityAt(Math.min(high, Math.max(low, mode))) <= negligible) continue;
    const half = (high - low) / 2;
    for (const { at, weight } of NODES) {
      const s = half * at + (low + high) / 2;
      const density = densityAt(s);
      if (density > negligible) total += half * weight * f(s) * density;
    }
  }
  return total;
}

function panelBreaks({ df, kinks, panels, high }: ChiScaleRange): readonly number[] {
  const from = lowestScale(df);
  const to = highestScale(df);
  const end = Math.min(to, high ?? Infinity);
  if (!(end > from)) return [];
  const even = Array.from({ length: panels + 1 }, (_, i) => from + ((end - from) * i) / panels);
  const inside = kinks.filter((kink) => kink > from && kink < end);
  return [...even, ...inside].toSorted((a, b) => a - b);
}

const lowestScale = remember((df) => Math.sqrt(chisqQuantile(DROPPED_TAIL, df) / df));
const highestScale = remember((df) => Math.sqrt(chisqUpperQuantile(DROPPED_TAIL, df) / df));

/**
 * The nodes and weights of Gauss–Legendre quadrature with `count` points on [−1, 1], exact for
 * polynomials of degree below 2·count.
 *
 * Source: Abramowitz & Stegun 25.4.29; nodes by Newton's method on the Legendre recurrence.
 *
 * @example
 * gaussLegendre(2); // at ±0.5773502691896257, each with weight 1
 */
function gaussLegendre(count: number) {
  return Array.from({ length: count }, (_, index) => {
    let at = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    for (let step = 0; step < NEWTON_STEPS_MAX; step += 1) {
      const { value, slope } = legendre(count, at);
      at -= value / slope;
      if (Math.abs(value / slope) < 1e-16) break;
    }
    const { slope } = legendre(count, at);
    return { at, weight: 2 / ((1 - at * at) * slope * slope) };
  });
}

function legendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = x;
  for (let order = 2; order <= degree; order += 1) {
    const next = ((2 * order - 1) * x * value - (order - 1) * before) / order;
    before = value;
    value = next;
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
