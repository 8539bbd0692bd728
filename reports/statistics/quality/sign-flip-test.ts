import { sum } from "simple-statistics";

import { drawIndex, type Rng } from "../randomisation/stream.ts";

const EXACT_UP_TO = 20;
const RANDOM_PATTERNS = 19_999;
const BYTES_PER_UNIFORM = 4;
const BYTE = 256;
const RELATIVE_TIE = 1e-12;

/** A test by flipping signs. */
export type SignFlipTest = ReturnType<typeof signFlipTest>;

/**
 * Is the sum of the contrasts larger than if each sign were a coin toss? Exact over all 2ⁿ sign
 * patterns up to 20 values; beyond, 19 999 random patterns and the observed one.
 *
 * Assumes contrasts that are symmetric around 0 under the null hypothesis, and nothing else about
 * their distribution.
 *
 * Source: Fisher, The Design of Experiments, 1935, section 21.
 *
 * @example
 * signFlipTest([1, 2, 3], () => 0.5).pGreater; // 0.125
 */
export function signFlipTest(values: readonly number[], rng: Rng) {
  const sums = values.length <= EXACT_UP_TO ? allSums(values) : randomSums(values, rng);
  const statistic = sum(values);
  const tie = RELATIVE_TIE * Math.max(1, sum(values.map((value) => Math.abs(value))));
  const size = Math.abs(statistic);
  const counts = { greater: 0, less: 0, twoSided: 0 };
  for (const value of sums) {
    if (value >= statistic - tie) counts.greater += 1;
    if (value <= statistic + tie) counts.less += 1;
    if (Math.abs(value) >= size - tie) counts.twoSided += 1;
  }
  return {
    n: values.length,
    statistic,
    pGreater: counts.greater / sums.length,
    pLess: counts.less / sums.length,
    pTwoSided: counts.twoSided / sums.length,
    /** The smallest p-value this many values can give: above alpha the test can't reject. */
    minAttainableP: 1 / sums.length,
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
 * The observed sum, then those under random signs; one uniform decides 32 signs. Long lists need a
 * hundred million signs, so each byte of signs is looked up instead of adding value by value.
 */
function randomSums(values: readonly number[], rng: Rng): Float64Array {
  const observed = sum(values);
  const table = positiveSums(values);
  const sums = new Float64Array(RANDOM_PATTERNS + 1).fill(observed);
  for (let pattern = 1; pattern < sums.length; pattern += 1) {
    let positive = 0;
    for (let start = 0; start < table.length; start += BYTES_PER_UNIFORM * BYTE) {
      const bits = drawIndex(rng, 2 ** 32);
      for (let byte = 0; byte < BYTES_PER_UNIFORM; byte += 1) {
        positive += table[start + byte * BYTE + ((bits >>> (8 * byte)) & (BYTE - 1))] ?? 0;
      }
    }
    sums[pattern] = 2 * positive - observed;
  }
  return sums;
}

/** For each run of 8 values and each byte of signs, the sum of the values whose bit is set. */
function positiveSums(values: readonly number[]): Float64Array {
  const uniforms = Math.ceil(values.length / (8 * BYTES_PER_UNIFORM));
  const table = new Float64Array(uniforms * BYTES_PER_UNIFORM * BYTE);
  for (const [index, value] of values.entries()) {
    const start = Math.floor(index / 8) * BYTE;
    for (let signs = 0; signs < BYTE; signs += 1) {
      if ((signs >>> (index % 8)) % 2 === 1)
        table[start + signs] = (table[start + signs] ?? 0) + value;
    }
  }
  return table;
}
