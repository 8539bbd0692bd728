import { describe, expect, it } from "vitest";

import type { Sequence } from "../core/sequence.ts";
import { asNumber, mismatches, readOracle } from "../test-support/compare.ts";
import { analyseCrossover, type EffectScale } from "./crossover.ts";

interface OraclePair {
  readonly sequence: Sequence;
  readonly period1: number | string | null;
  readonly period2: number | string | null;
}

interface Oracle {
  readonly cases: readonly {
    readonly label: string;
    readonly scale: EffectScale;
    readonly pairs: readonly OraclePair[];
    readonly expected: Readonly<Record<string, unknown>>;
  }[];
}

interface EdgeCases {
  readonly crossover: readonly {
    readonly label: string;
    readonly pairs: readonly OraclePair[];
    readonly expected: Readonly<Record<string, unknown>>;
  }[];
}

const { cases }: Oracle = readOracle("04-crossover.json");
const { crossover: edges }: EdgeCases = readOracle("12-edge-cases.json");

function parsePairs(pairs: readonly OraclePair[]) {
  return pairs.map(({ sequence, period1, period2 }) => ({
    sequence,
    period1: period1 === null ? null : asNumber(period1),
    period2: period2 === null ? null : asNumber(period2),
  }));
}

describe("the cross-over analysis", () => {
  it.each(cases)("agrees with R: $label", ({ pairs, scale, expected }) => {
    expect(mismatches(analyseCrossover({ pairs: parsePairs(pairs), scale }), expected)).toEqual([]);
  });

  it.each(edges)("has an answer for $label", ({ pairs, expected }) => {
    const result = analyseCrossover({ pairs: parsePairs(pairs) });
    const flat = {
      ...result,
      period: result.period.estimate,
      unadjustedEstimate: result.unadjusted.estimate,
    };
    expect(mismatches(flat, expected)).toEqual([]);
  });
});
