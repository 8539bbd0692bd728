import { existsSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { mismatches } from "../test-support/compare.ts";
import {
  analyseCrossover,
  type Crossover,
  type CrossoverPair,
  type EffectScale,
} from "./crossover.ts";

const folder = new URL("../../../../shared/stats/reference/", import.meta.url);
const referenceFile = new URL("04-crossover-reference.json", folder);
const publishedFile = new URL("04-crossover-published.json", folder);

interface ReferenceCase {
  readonly label: string;
  readonly scale: EffectScale;
  readonly pairs: readonly CrossoverPair[];
  readonly published: Readonly<Record<string, number>> | null;
  readonly expected: unknown;
}

function readCases(file: URL): readonly ReferenceCase[] {
  const { cases }: { readonly cases: readonly ReferenceCase[] } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return cases;
}

/** Each case's label with everything in which the own analysis differs. */
function differences(cases: readonly ReferenceCase[]): readonly string[] {
  return cases.flatMap(({ label, pairs, scale, expected }) =>
    mismatches(analyseCrossover({ pairs, scale }), expected).map((line) => `${label} ${line}`),
  );
}

/** The ratio and its 90 % interval in percent, to the two printed decimals. */
function printedPercent({ ratio, ratioCi90Lower, ratioCi90Upper }: Crossover) {
  return {
    gmrPercent: rounded(100 * (ratio ?? 0), 2),
    ci90LowerPercent: rounded(100 * (ratioCi90Lower ?? 0), 2),
    ci90UpperPercent: rounded(100 * (ratioCi90Upper ?? 0), 2),
    decimals: 2,
  };
}

/** The variance table to the printed decimals. */
function printedVariance({ anova }: Crossover) {
  return {
    mse: rounded(anova?.mseWithin ?? 0, 3),
    fTreatment: rounded(anova?.fTreatment ?? 0, 2),
    pTreatment: rounded(anova?.pTreatment ?? 0, 4),
    fPeriod: rounded(anova?.fPeriod ?? 0, 2),
  };
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

describe.skipIf(!existsSync(referenceFile))("eight bioequivalence data sets (reference)", () => {
  it("agree with R", () => {
    expect(differences(readCases(referenceFile))).toEqual([]);
  });

  it("meet the printed ratios and 90 % intervals", () => {
    const cases = readCases(referenceFile);
    const own = cases.map(({ pairs, scale }) => printedPercent(analyseCrossover({ pairs, scale })));
    expect(own).toHaveLength(8);
    expect(own).toEqual(cases.map(({ published }) => published));
  });
});

describe.skipIf(!existsSync(publishedFile))("two textbook cross-overs (reference)", () => {
  it("agree with R", () => {
    expect(differences(readCases(publishedFile))).toEqual([]);
  });

  it("meet the printed variance table", () => {
    const cases = readCases(publishedFile).filter(({ published }) => published !== null);
    const own = cases.map(({ pairs, scale }) =>
      printedVariance(analyseCrossover({ pairs, scale })),
    );
    expect(own).toHaveLength(1);
    expect(own).toEqual(cases.map(({ published }) => published));
  });
});
