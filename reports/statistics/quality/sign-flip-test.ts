import { sum } from "simple-statistics";

import { drawIndex, type Rng } from "../randomisation/stream.ts";

const EXACT_UP_TO = 20;
const RANDOM_PATTERNS = 19_999;
const BYTES_PER_UNIFORM = 4;
const BYTE = 256;
const SIGNS_PER_UNIFORM = 8 * BYTES_PER_UNIFORM;
const RELATIVE_TIE = 1e-12;

/** A test by flipping signs. */
export type SignFlipTest = ReturnType<typeof signFlipTest>;

/**
 * What a test of a list that has grown need not work out again: the flips of all but its last 32 values. It belongs
 * to one stream.
 */
export interface FlipMemory {
  flips?: Flips;
}

interface Flips {
  /** All values but those that the last uniform of a pattern flips. */
  readonly values: readonly number[];
  /** The sum of those that are positive, by pattern. */
  readonly sums: Float64Array;
  /** The last uniform, by pattern. */
  readonly bits: Uint32Array;
  /** Room for the sums of all values, which is as large each time. */
  readonly room: Float64Array;
}

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
export function signFlipTest(values: readonly number[], rng: Rng, memory: FlipMemory = {}) {
  const sums = values.length <= EXACT_UP_TO ? allSums(values) : randomSums(values, rng, memory);
  const statistic = sum(values);
  const tie = RELATIVE_TIE * Math.max(1, sum(values.map((value) => Math.abs(value))));
  const size = Math.abs(statistic);
  const counts = { greater: 0, less: 0, twoSided: 0 };
  // An indexed loop, because every look counts twenty thousand patterns, twice.
  for (let pattern = 0; pattern < sums.length; pattern += 1) {
    const value = sums[pattern] ?? 0;
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
function randomSums(values: readonly number[], rng: Rng, memory: FlipMemory): Float64Array {
  const observed = sum(values);
  const before = values.slice(0, values.length - (((values.length - 1) % SIGNS_PER_UNIFORM) + 1));
  const { flips } = memory;
  const isKnown =
    flips?.values.length === before.length &&
    flips.values.every((value, index) => value === before[index]);
  const { sums, bits, room } = isKnown ? flips : flipAllBefore(before, rng);
  memory.flips = { values: before, sums, bits, room };
  const table = positiveSums(values.slice(before.length));
  room[0] = observed;
  for (let pattern = 1; pattern < room.length; pattern += 1) {
    const positive = addSigned(sums[pattern] ?? 0, table, bits[pattern] ?? 0);
    room[pattern] = 2 * positive - observed;
  }
  return room;
}

/** Draws all patterns: in each, a uniform for every 32 values and one for the values that follow. */
function flipAllBefore(values: readonly number[], rng: Rng): Omit<Flips, "values"> {
  const tables = Array.from({ length: values.length / SIGNS_PER_UNIFORM }, (_, index) =>
    positiveSums(values.slice(index * SIGNS_PER_UNIFORM, (index + 1) * SIGNS_PER_UNIFORM)),
  );
  const sums = new Float64Array(RANDOM_PATTERNS + 1);
  const bits = new Uint32Array(sums.length);
  for (let pattern = 1; pattern < sums.length; pattern += 1) {
    let positive = 0;
    for (const table of tables) positive = addSigned(positive, table, drawIndex(rng, 2 ** 32));
    sums[pattern] = positive;
    bits[pattern] = drawIndex(rng, 2 ** 32);
  }
  return { sums, bits, room: new Float64Array(sums.length) };
}

function addSigned(before: number, table: Float64Array, bits: number): number {
  let positive = before;
  for (let byte = 0; byte < BYTES_PER_UNIFORM; byte += 1) {
    positive += table[byte * BYTE + ((bits >>> (8 * byte)) & (BYTE - 1))] ?? 0;
  }
  return positive;
}

/** For each run of 8 of up to 32 values and each byte of signs, the sum of the values whose bit is set. */
function positiveSums(values: readonly number[]): Float64Array {
  const table = new Float64Array(BYTES_PER_UNIFORM * BYTE);
  for (const [index, value] of values.entries()) {
    const start = Math.floor(index / 8) * BYTE;
    for (let signs = 0; signs < BYTE; signs += 1) {
      if ((signs >>> (index % 8)) % 2 === 1)
        table[start + signs] = (table[start + signs] ?? 0) + value;
    }
  }
  return table;
}
