import { normQuantile } from "../numerics/normal-quantile.ts";
import type { Rng } from "../randomisation/stream.ts";

const REDRAWS_MAX = 100;

/** How log ratios scatter around their mean. */
export type ErrorShape = "normal" | "t3" | "t5" | "skewRightExp" | "skewLeftExp" | "rareDisaster";

/** All shapes, the one that methods assume first. */
export const ERROR_SHAPES: readonly ErrorShape[] = [
  "normal",
  "t3",
  "t5",
  "skewRightExp",
  "skewLeftExp",
  "rareDisaster",
];

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
 * `rareDisaster` is a candidate that is now and then ten times as dear: no method sees it before it
 * has happened.
 */
export function drawError(shape: ErrorShape, rng: Rng): number {
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
