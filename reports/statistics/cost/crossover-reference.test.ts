import { existsSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { mismatches, USUAL } from "../oracle/compare.ts";
import type { CrossoverPair, EffectScale } from "./crossover-pairs.ts";
import { analyseCrossover } from "./crossover.ts";

const folder = new URL("../../../../shared/stats/reference/", import.meta.url);
const referenceFile = new URL("04-crossover-reference.json", folder);
const publishedFile = new URL("04-crossover-published.json", folder);

interface Reference {
  readonly cases: readonly {
    readonly label: string;
    readonly scale: EffectScale;
    readonly pairs: readonly CrossoverPair[];
    readonly published: Readonly<Record<string, number>> | null;
    readonly expected: unknown;
  }[];
}

function readReference(file: URL): Reference {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { cases: [] };
}

function percent(ratio: number | null): number {
  return Number((100 * (ratio ?? 0)).toFixed(2));
}

describe.skipIf(!existsSync(referenceFile))("published bioequivalence data (reference)", () => {
  it.each(readReference(referenceFile).cases)("$label", ({ pairs, scale, published, expected }) => {
    const result = analyseCrossover({ pairs, scale });
    expect(mismatches(result, expected)).toEqual([]);
    expect({
      gmrPercent: percent(result.ratio),
      ci90LowerPercent: percent(result.ratioCi90Lower),
      ci90UpperPercent: percent(result.ratioCi90Upper),
      decimals: 2,
    }).toEqual(published);
  });
});

describe.skipIf(!existsSync(publishedFile))("published cross-over analyses (reference)", () => {
  it.each(readReference(publishedFile).cases)("$label", ({ pairs, scale, published, expected }) => {
    const result = analyseCrossover({ pairs, scale });
    expect(mismatches(result, expected, USUAL)).toEqual([]);
    if (published === null) return;
    const { anova } = result;
    expect({
      mse: anova?.mseWithin.toFixed(3),
      fTreatment: anova?.fTreatment?.toFixed(2),
      pTreatment: anova?.pTreatment.toFixed(4),
      fPeriod: anova?.fPeriod?.toFixed(2),
    }).toEqual({
      mse: published["mse"]?.toFixed(3),
      fTreatment: published["fTreatment"]?.toFixed(2),
      pTreatment: published["pTreatment"]?.toFixed(4),
      fPeriod: published["fPeriod"]?.toFixed(2),
    });
  });
});
