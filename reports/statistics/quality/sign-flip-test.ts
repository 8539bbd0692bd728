import { sum } from "simple-statistics";

import { drawIndex, type Rng } from "../randomisation/stream.ts";

const EXACT_UP_TO = 20;
const RANDOM_PATTERNS = 19_999;
const SIGNS_PER_UNIFORM = 32;
const RELATIVE_TIE = 1e-12;

/** A test by flipping signs. */
export interface SignFlipTest {
  readonly n: number;
  readonly statistic: number;
  readonly pGreater: number;
  readonly pLess: number;
  readonly pTwoSided: number;
  /** The smallest p-value this many values can give: above alpha the test can't reject. */
  readonly minAttainableP: number;
}

/**
 * Is the sum of the contrasts larger than if each sign were a coin toss? Exact over all 2ⁿ sign
 * patterns up to 20 values; beyond, 19 999 random patterns and one added to both counts.
 *
 * Assumes contrasts that are symmetric around 0 under the null hypothesis, and nothing else about
 * their distribution.
 *
 * Source: Fisher, The Design of Experiments, 1935, section 21.
 *
 * @example
 * signFlipTest([1, 2, 3], () => 0.5).pGreater; // 0.125
 */
export function signFlipTest(values: readonly number[], rng: Rng): SignFlipTest {
  const n = values.length;
  const statistic = sum(values);
  const tie = RELATIVE_TIE * Math.max(1, sum(values.map((value) => Math.abs(value))));
  if (n <= EXACT_UP_TO) {
    const counts = countExtremes(allSums(values), statistic, tie);
    return { n, statistic, ...shares(counts, 2 ** n), minAttainableP: 2 ** -n };
  }
  const drawn = countExtremes(randomSums(values, rng), statistic, tie);
  const counts = {
    greater: drawn.greater + 1,
    less: drawn.less + 1,
    twoSided: drawn.twoSided + 1,
  };
  const patterns = RANDOM_PATTERNS + 1;
  return { n, statistic, ...shares(counts, patterns), minAttainableP: 1 / patterns };
}

interface ExtremeCounts {
  readonly greater: number;
  readonly less: number;
  readonly twoSided: number;
}

function countExtremes(sums: Float64Array, statistic: number, tie: number): ExtremeCounts {
  let greater = 0;
  let less = 0;
  let twoSided = 0;
  for (const value of sums) {
    if (value >= statistic - tie) greater += 1;
    if (value <= statistic + tie) less += 1;
    if (Math.abs(value) >= Math.abs(statistic) - tie) twoSided += 1;
  }
  return { greater, less, twoSided };
}

function shares({ greater, less, twoSided }: ExtremeCounts, patterns: number) {
  return {
    pGreater: greater / patterns,
    pLess: less / patterns,
    pTwoSided: Math.min(1, twoSided / patterns),
  };
}

function allSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  let filled = 1;
  for (const value of values) {
    for (let index = 0; index < filled; index += 1) {
      const before = sums[index] ?? 0;
      sums[index] = before + Math.abs(value);
      sums[filled + index] = before - Math.abs(value);
    }
    filled *= 2;
  }
  return sums;
}

/**
 * One uniform decides 32 signs, and signs are multiplied rather than branched on, because long
 * lists need a hundred million of them.
 */
function randomSums(values: readonly number[], rng: Rng): Float64Array {
  const sums = new Float64Array(RANDOM_PATTERNS);
  const sizes = Float64Array.from(values);
  const total = sum(values);
  for (let pattern = 0; pattern < RANDOM_PATTERNS; pattern += 1) {
    let positive = 0;
    let signs = 0;
    for (let index = 0; index < sizes.length; index += 1) {
      if (index % SIGNS_PER_UNIFORM === 0) signs = drawIndex(rng, 2 ** SIGNS_PER_UNIFORM) | 0;
      positive += (signs & 1) * (sizes[index] ?? 0);
      signs >>>= 1;
    }
    sums[pattern] = 2 * positive - total;
  }
  return sums;
}
