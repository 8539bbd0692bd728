import { betaQuantile } from "../numerics/beta.ts";
import { normQuantile } from "../numerics/normal.ts";
import { bisect } from "../numerics/roots.ts";

const EQUAL = 1e-15;

/** A share: `x` of `n`, which need not be whole numbers. */
export interface Share {
  readonly x: number;
  readonly n: number;
}

/** The shares of baseline A and candidate B. */
export interface TwoShares {
  readonly a: Share;
  readonly b: Share;
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
 * The exact interval for a share: it never covers less than it says, and is wide for that reason.
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
export function newcombeInterval({ a, b }: TwoShares, level: number): Limits {
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

/**
 * The score statistic of the hypothesis that the share of B exceeds that of A by `delta`: the
 * observed difference less delta, in units of its standard error under that hypothesis.
 *
 * Assumes independent trials; clustered requests enter as effective counts. Without variance it is
 * 0 if the hypothesis fits exactly, else infinite.
 *
 * Source: Miettinen & Nurminen, Stat Med 1985;4:213.
 *
 * @example
 * scoreZ({ a: { x: 48, n: 80 }, b: { x: 56, n: 70 } }, 0.02); // 2.3842970933944616
 */
export function scoreZ(shares: TwoShares, delta: number): number {
  const { a, b } = shares;
  const total = a.n + b.n;
  const excess = b.x / b.n - a.x / a.n - delta;
  // One effective request or fewer says nothing about a difference.
  if (total <= 1) return 0;
  const pA = restrictedShareOfA(shares, delta);
  const pB = pA + delta;
  const variance = ((pB * (1 - pB)) / b.n + (pA * (1 - pA)) / a.n) * (total / (total - 1));
  if (variance > 0) return excess / Math.sqrt(variance);
  return Math.abs(excess) < EQUAL ? 0 : Math.sign(excess) * Infinity;
}

/**
 * The interval for a difference of shares B − A that decisions rest on: all differences whose score
 * statistic is within the normal quantile of the level.
 *
 * @example
 * scoreInterval({ a: { x: 48, n: 80 }, b: { x: 56, n: 70 } }, 0.9); // [0.07701…, 0.31666…]
 */
export function scoreInterval(shares: TwoShares, level: number): Limits {
  const z = normQuantile(1 - (1 - level) / 2);
  const difference = shares.b.x / shares.b.n - shares.a.x / shares.a.n;
  return [
    difference <= -1
      ? -1
      : bisect({ low: -1, high: difference }, (delta) => scoreZ(shares, delta) > z),
    difference >= 1
      ? 1
      : bisect({ low: difference, high: 1 }, (delta) => scoreZ(shares, delta) >= -z),
  ];
}

/** The most likely share of A given that B's exceeds it by delta: a root of a cubic. */
function restrictedShareOfA({ a, b }: TwoShares, delta: number): number {
  const total = a.n + b.n;
  const errors = a.x + b.x;
  const l2 = (b.n + 2 * a.n) * delta - total - errors;
  const l1 = (a.n * delta - total - 2 * a.x) * delta + errors;
  const l0 = a.x * delta * (1 - delta);
  const shift = l2 / (3 * total);
  const q = shift * shift * shift - (l1 * l2) / (6 * total * total) + l0 / (2 * total);
  const size = Math.sqrt(Math.max(0, shift * shift - l1 / (3 * total)));
  const p = q < 0 ? -size : size;
  const cosine = p === 0 ? 1 : Math.min(1, Math.max(-1, q / (p * p * p)));
  const angle = p === 0 ? 0 : (Math.PI + Math.acos(cosine)) / 3;
  const root = 2 * p * Math.cos(angle) - shift;
  return Math.min(Math.max(root, 0, -delta), 1, 1 - delta);
}
