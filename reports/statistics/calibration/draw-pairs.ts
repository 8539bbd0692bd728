import { drawPermutedBlocks } from "../randomisation/permuted-blocks.ts";
import type { Rng } from "../randomisation/stream.ts";
import { sequenceSign } from "../sequence.ts";
import { drawError, type ErrorShape } from "./draw-errors.ts";

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
