import { sequenceSign, type Sequence } from "../sequence.ts";

/** One feature met by both providers; a missing window is null. */
export interface CrossoverPair {
  readonly sequence: Sequence;
  readonly period1: number | null;
  readonly period2: number | null;
  /** Names the pair in messages; a name that comes twice is refused. */
  readonly feature?: string;
}

/** On which scale effects add up: costs on the log scale, anything else as it is. */
export type EffectScale = "log" | "identity";

/** The complete pairs on the analysis scale, and what is missing. */
export interface CompletePairs {
  readonly d: readonly number[];
  readonly z: readonly (1 | -1)[];
  /** Sum of both periods by pair. */
  readonly totals: readonly number[];
  readonly period1: readonly number[];
  readonly missingPeriod1: number;
  readonly missingPeriod2: number;
  readonly incompletePairs: number;
}

/** Splits complete from incomplete pairs and forms the differences A − B on the analysis scale. */
export function completePairs(pairs: readonly CrossoverPair[], scale: EffectScale): CompletePairs {
  const toScale = scale === "log" ? Math.log : (value: number) => value;
  const complete = pairs.flatMap(({ sequence, period1, period2 }) =>
    period1 === null || period2 === null
      ? []
      : [{ z: sequenceSign(sequence), y1: toScale(period1), y2: toScale(period2) }],
  );
  return {
    d: complete.map(({ z, y1, y2 }) => z * (y1 - y2)),
    z: complete.map(({ z }) => z),
    totals: complete.map(({ y1, y2 }) => y1 + y2),
    period1: complete.map(({ y1 }) => y1),
    missingPeriod1: pairs.filter(({ period1 }) => period1 === null).length,
    missingPeriod2: pairs.filter(({ period2 }) => period2 === null).length,
    incompletePairs: pairs.length - complete.length,
  };
}

/** The first impossible value or repeated feature, in words; null where all is well. */
export function findPairProblem(
  pairs: readonly CrossoverPair[],
  scale: EffectScale,
): string | null {
  const seen = new Set<string>();
  for (const [index, pair] of pairs.entries()) {
    const { feature, sequence, period1, period2 } = pair;
    const name = feature === undefined ? `Pair ${index + 1} (${sequence})` : `Feature "${feature}"`;
    if (feature !== undefined && seen.has(feature)) {
      return `${name}: expected one pair per feature, got another. Give repeats as rounds of a feature.`;
    }
    if (feature !== undefined) seen.add(feature);
    for (const [period, value] of [period1, period2].entries()) {
      if (value !== null && !isPossible(value, scale)) {
        return `${name}, period ${period + 1}: expected ${expectation(scale)}, got ${value}.`;
      }
    }
  }
  return null;
}

function isPossible(value: number, scale: EffectScale): boolean {
  return Number.isFinite(value) && (scale === "identity" || value > 0);
}

function expectation(scale: EffectScale): string {
  return scale === "log" ? "a positive finite value" : "a finite value";
}
