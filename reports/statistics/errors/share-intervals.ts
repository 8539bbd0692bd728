import { betaQuantile } from "../numerics/beta-quantile.ts";
import { normQuantile } from "../numerics/normal-quantile.ts";

/** A share: `x` of `n`, which need not be whole numbers. */
export interface Share {
  readonly x: number;
  readonly n: number;
}

/** Lower and upper limit. */
export type Limits = readonly [number, number];

/**
 * Wilson's score interval for a share: good coverage down to small counts, never outside [0, 1].
 *
 * Assumes independent trials; clustered requests enter as effective counts.
 *
 * Source: Wilson, JASA 1927;22:209.
 *
 * @example
 * wilsonInterval({ x: 48, n: 80 }, 0.95); // [0.490454650051604, 0.7003817240412906]
 */
export function wilsonInterval({ x, n }: Share, level: number): Limits {
  const z = normQuantile(1 - (1 - level) / 2);
  const square = z * z;
  const p = x / n;
  const centre = (x + square / 2) / (n + square);
  const half = ((z * Math.sqrt(n)) / (n + square)) * Math.sqrt(p * (1 - p) + square / (4 * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * The exact interval for a share: never covers less than it says, and is wide for it.
 *
 * Source: Clopper & Pearson, Biometrika 1934;26:404.
 *
 * @example
 * clopperPearsonInterval({ x: 0, n: 20 }, 0.95); // [0, 0.16843347098308536]
 */
export function clopperPearsonInterval({ x, n }: Share, level: number): Limits {
  const tail = (1 - level) / 2;
  return [
    x === 0 ? 0 : betaQuantile(tail, x, n - x + 1),
    x === n ? 1 : betaQuantile(1 - tail, x + 1, n - x),
  ];
}

/**
 * The interval shown for a difference of shares B − A: Newcombe's hybrid of both Wilson intervals.
 *
 * Source: Newcombe, Stat Med 1998;17:873, method 10.
 *
 * @example
 * newcombeInterval({ a: { x: 48, n: 80 }, b: { x: 56, n: 70 } }, 0.95); // [0.05243…, 0.33387…]
 */
export function newcombeInterval(
  { a, b }: { readonly a: Share; readonly b: Share },
  level: number,
): Limits {
  const pA = a.x / a.n;
  const pB = b.x / b.n;
  const [lowerA, upperA] = wilsonInterval(a, level);
  const [lowerB, upperB] = wilsonInterval(b, level);
  const difference = pB - pA;
  return [
    difference - Math.hypot(pB - lowerB, upperA - pA),
    difference + Math.hypot(upperB - pB, pA - lowerA),
  ];
}
