import {
  designSize,
  powerGreater,
  powerTost,
  type DesignSize,
  type PlannedDesign,
  type PlannedEquivalence,
  type PlannedTest,
} from "./power.ts";

const FEWEST = 3;
const MOST = 5000;

/** The number of pairs and the power that they have. */
export interface SampleSize {
  /** Null if even 5000 pairs do not reach the target. */
  readonly n: number | null;
  readonly power: number | null;
}

interface SizeSearch {
  readonly targetPower: number;
  /** Even numbers only, so that both orders can be equally frequent. */
  readonly evenOnly: boolean;
}

/** The search for the number of pairs of a one-sided test. */
export interface SampleSizeInput extends Omit<PlannedTest, keyof DesignSize>, SizeSearch {
  readonly design: PlannedDesign;
}

/** The search for the number of pairs of an equivalence test; effects on the log scale. */
export type EquivalenceSizeInput = Omit<PlannedEquivalence, keyof DesignSize> & SizeSearch;

/**
 * How many pairs does a one-sided t test need? The smallest number, from 3, with the target power.
 *
 * Power grows with the number of pairs, so that halving the range finds the smallest.
 *
 * @example
 * sampleSizeGreater({
 *   design: "crossover", delta: Math.log(3), sd: 0.9, alpha: 0.05, targetPower: 0.8, evenOnly: true,
 * }).n; // 8
 */
export function sampleSizeGreater(input: SampleSizeInput): SampleSize {
  const { design, targetPower, evenOnly, ...test } = input;
  const powerAt = (n: number) => powerGreater({ ...test, ...designSize(design, n) });
  return smallestSize(powerAt, { targetPower, evenOnly });
}

/**
 * How many pairs does a cross-over need to show equivalence? The smallest number, from 3, with the
 * target power.
 *
 * Source: Hauschke, Steinijans & Pigeot, Bioequivalence Studies in Drug Development, 2007, ch. 5.
 */
export function sampleSizeTost(input: EquivalenceSizeInput): SampleSize {
  const { targetPower, evenOnly, ...test } = input;
  const powerAt = (n: number) => powerTost({ ...test, ...designSize("crossover", n) });
  return smallestSize(powerAt, { targetPower, evenOnly });
}

function smallestSize(
  powerAt: (n: number) => number | null,
  { targetPower, evenOnly }: SizeSearch,
): SampleSize {
  const step = evenOnly ? 2 : 1;
  const first = evenOnly ? FEWEST + 1 : FEWEST;
  const sizeAt = (index: number) => first + step * index;
  const last = Math.floor((MOST - first) / step);
  const isEnough = (index: number) => (powerAt(sizeAt(index)) ?? 0) >= targetPower;
  const found = firstIndex(last, isEnough);
  return found === null
    ? { n: null, power: null }
    : { n: sizeAt(found), power: powerAt(sizeAt(found)) };
}

/**
 * The first index from 0 to `last` at which a condition holds, by doubling and then halving. Once the
 * condition holds it must hold for every later index. Null if it never holds.
 *
 * @example
 * firstIndex(100, (index) => index * index >= 50); // 8
 */
export function firstIndex(last: number, holds: (index: number) => boolean): number | null {
  let failing = -1;
  let reach = 0;
  while (reach < last && !holds(reach)) {
    failing = reach;
    reach = Math.min(last, 2 * reach + 1);
  }
  if (reach === last && !holds(last)) return null;
  let holding = reach;
  while (holding - failing > 1) {
    const middle = Math.floor((holding + failing) / 2);
    if (holds(middle)) holding = middle;
    else failing = middle;
  }
  return holding;
}
