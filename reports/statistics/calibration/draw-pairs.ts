import { sequenceSign } from "../core/sequence.ts";
import { normQuantile } from "../numerics/normal.ts";
import { drawPermutedBlocks } from "../randomisation/draw-assignment.ts";
import type { Rng } from "../randomisation/stream.ts";

/** The truth that pairs are drawn from; all on the log scale. */
export interface PairTruth {
  readonly effect: number;
  readonly sd: number;
  /** Effect of period 1 over period 2. */
  readonly period: number;
  readonly shape: ErrorShape;
}

/** Log ratios in schedule order with their sequence signs. */
export interface DrawnPairs {
  readonly d: readonly number[];
  readonly z: readonly number[];
}

/** Draws pairs from a truth, their sequences in permuted blocks of two. */
export function drawPairs(
  { effect, sd, period, shape }: PairTruth,
  count: number,
  rng: Rng,
): DrawnPairs {
  const z = drawPermutedBlocks({ count, blockSize: 2 }, rng).map((order) => sequenceSign(order));
  const d = z.map((sign) => effect + period * sign + sd * drawError(shape, rng));
  return { d, z };
}

const REDRAWS_MAX = 100;

/** How log ratios scatter around their mean. */
export type ErrorShape = (typeof ERROR_SHAPES)[number];

/** All shapes; the first is the one that the methods assume. */
export const ERROR_SHAPES = [
  "normal",
  "t3",
  "t5",
  "skewRightExp",
  "skewLeftExp",
  "rareDisaster",
] as const;

const DISASTER_CHANCE = 0.05;
const DISASTER = -2.3;
const DISASTER_SPREAD = 0.3;

/** One standard normal value: the quantile of one uniform, drawn again if that is 0. */
export function drawNormal(rng: Rng): number {
  for (let count = 0; count < REDRAWS_MAX; count += 1) {
    const uniform = rng();
    if (uniform > 0) return normQuantile(uniform);
  }
  return 0;
}

/**
 * One error of the given shape, with mean 0.
 *
 * `rareDisaster` is a candidate that is ten times as expensive now and then. No method sees this before
 * it happens.
 */
function drawError(shape: ErrorShape, rng: Rng): number {
  switch (shape) {
    case "normal":
      return drawNormal(rng);
    case "t3":
      return drawStudent(3, rng);
    case "t5":
      return drawStudent(5, rng);
    case "skewRightExp":
      return -Math.log1p(-rng()) - 1;
    case "skewLeftExp":
      return 1 + Math.log1p(-rng());
    case "rareDisaster": {
      const centre = rng() < DISASTER_CHANCE ? DISASTER : 0;
      return centre + DISASTER_SPREAD * drawNormal(rng) - DISASTER_CHANCE * DISASTER;
    }
  }
}

function drawStudent(df: number, rng: Rng): number {
  const normal = drawNormal(rng);
  let squares = 0;
  for (let index = 0; index < df; index += 1) {
    const draw = drawNormal(rng);
    squares += draw * draw;
  }
  return normal / Math.sqrt(squares / df);
}
