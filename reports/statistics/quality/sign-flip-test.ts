import { sum } from "simple-statistics";

import { drawIndex, type Rng } from "../randomisation/stream.ts";

const EXACT_UP_TO = 20;
const RANDOM_PATTERNS = 19_999;
const SIGNS_PER_UNIFORM = 32;
const SIGNS_PER_BYTE = 8;
const BYTES_PER_UNIFORM = SIGNS_PER_UNIFORM / SIGNS_PER_BYTE;
const BYTE = 2 ** SIGNS_PER_BYTE;
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
  if (values.length <= EXACT_UP_TO) return exactTest(values);
  const [sums = new Float64Array()] = randomSums([values], rng);
  return randomTest(values, sums);
}

/**
 * {@link signFlipTest} of two lists of one length, each as if `rng` were opened anew for it: beyond
 * 20 values the random patterns are then the same, and are drawn once.
 */
export function signFlipTests(
  first: readonly number[],
  second: readonly number[],
  rng: Rng,
): readonly [SignFlipTest, SignFlipTest] {
  if (first.length <= EXACT_UP_TO) return [exactTest(first), exactTest(second)];
  const [ofFirst = new Float64Array(), ofSecond = ofFirst] = randomSums([first, second], rng);
  return [randomTest(first, ofFirst), randomTest(second, ofSecond)];
}

function exactTest(values: readonly number[]): SignFlipTest {
  const n = values.length;
  const statistic = sum(values);
  const counts = countExtremes(allSums(values), statistic, tieOf(values));
  return { n, statistic, ...shares(counts, 2 ** n), minAttainableP: 2 ** -n };
}

function randomTest(values: readonly number[], sums: Float64Array): SignFlipTest {
  const statistic = sum(values);
  const drawn = countExtremes(sums, statistic, tieOf(values));
  const counts = {
    greater: drawn.greater + 1,
    less: drawn.less + 1,
    twoSided: drawn.twoSided + 1,
  };
  const patterns = RANDOM_PATTERNS + 1;
  return { n: values.length, statistic, ...shares(counts, patterns), minAttainableP: 1 / patterns };
}

function tieOf(values: readonly number[]): number {
  return RELATIVE_TIE * Math.max(1, sum(values.map((value) => Math.abs(value))));
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
 * The sums of every list under the same random signs. One uniform decides 32 signs. Long lists need
 * a hundred million of them, so what each byte of signs adds up to is looked up rather than added
 * value by value.
 */
function randomSums(lists: readonly (readonly number[])[], rng: Rng): readonly Float64Array[] {
  const words = Math.ceil((lists[0]?.length ?? 0) / SIGNS_PER_UNIFORM);
  const signs = drawSigns(words, rng);
  return lists.map((values) => {
    const table = positiveSumsByByte(values, words * BYTES_PER_UNIFORM);
    const total = sum(values);
    const positive = new Float64Array(RANDOM_PATTERNS);
    for (let word = 0; word < words; word += 1) addWord(positive, { table, signs, word });
    return positive.map((value) => 2 * value - total);
  });
}

/** The same word of all patterns side by side, so that the part of a table that they look up is at hand. */
function drawSigns(words: number, rng: Rng): Int32Array {
  const signs = new Int32Array(words * RANDOM_PATTERNS);
  for (let pattern = 0; pattern < RANDOM_PATTERNS; pattern += 1) {
    for (let word = 0; word < words; word += 1) {
      signs[word * RANDOM_PATTERNS + pattern] = drawIndex(rng, 2 ** SIGNS_PER_UNIFORM) | 0;
    }
  }
  return signs;
}

interface Flips {
  readonly table: Float64Array;
  readonly signs: Int32Array;
  readonly word: number;
}

function addWord(positive: Float64Array, { table, signs, word }: Flips): void {
  const first = word * BYTES_PER_UNIFORM * BYTE;
  const from = word * RANDOM_PATTERNS;
  for (let pattern = 0; pattern < RANDOM_PATTERNS; pattern += 1) {
    let bits = signs[from + pattern] ?? 0;
    let added = positive[pattern] ?? 0;
    for (let start = first; start < first + BYTES_PER_UNIFORM * BYTE; start += BYTE) {
      added += table[start + (bits & (BYTE - 1))] ?? 0;
      bits >>>= SIGNS_PER_BYTE;
    }
    positive[pattern] = added;
  }
}

/** How many uniforms the random patterns of `count` values take: none where all are gone through. */
export function signFlipDraws(count: number): number {
  return count <= EXACT_UP_TO ? 0 : RANDOM_PATTERNS * Math.ceil(count / SIGNS_PER_UNIFORM);
}

/** For each run of 8 values and each byte of signs, the sum of the values whose bit is set. */
function positiveSumsByByte(values: readonly number[], bytes: number): Float64Array {
  const table = new Float64Array(bytes * BYTE);
  for (const [index, value] of values.entries()) {
    const bit = index % SIGNS_PER_BYTE;
    const start = Math.floor(index / SIGNS_PER_BYTE) * BYTE;
    for (let signs = 0; signs < BYTE; signs += 1) {
      if ((signs >>> bit) % 2 === 1) table[start + signs] = (table[start + signs] ?? 0) + value;
    }
  }
  return table;
}
