import { existsSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { mismatches } from "../test-support/compare.ts";
import { designSize, powerGreater, powerTost, sdFromCv } from "./power.ts";
import { sampleSizeTost } from "./sample-size.ts";

const TOLERANCE = { absolute: 1e-6, relative: 1e-9 };
const referenceFile = new URL(
  "../../../../shared/stats/reference/08-power-reference.json",
  import.meta.url,
);

interface Published {
  readonly publishedSampleSizes: readonly {
    readonly targetPower: number;
    readonly cv: number;
    readonly theta0: number;
    readonly thetaLower: number;
    readonly thetaUpper: number;
    readonly alpha: number;
    readonly publishedN: number;
  }[];
  readonly publishedPower: readonly {
    readonly kind: string;
    readonly d?: number;
    readonly n?: number;
    readonly alpha?: number;
    readonly power: number;
    readonly decimals?: number;
  }[];
}

function readPublished(): Published {
  return JSON.parse(readFileSync(referenceFile, "utf8"));
}

describe.skipIf(!existsSync(referenceFile))("published power (reference data)", () => {
  it("meets all 298 printed sample sizes", () => {
    const { publishedSampleSizes } = readPublished();
    const wrong = publishedSampleSizes.filter((row) => {
      const { n } = sampleSizeTost({
        theta: Math.log(row.theta0),
        lower: Math.log(row.thetaLower),
        upper: Math.log(row.thetaUpper),
        sd: sdFromCv(row.cv),
        alpha: row.alpha,
        targetPower: row.targetPower,
        evenOnly: true,
      });
      return n !== row.publishedN;
    });
    expect(publishedSampleSizes).toHaveLength(298);
    expect(wrong).toEqual([]);
  });

  it("meets the printed powers of paired tests", () => {
    const paired = readPublished().publishedPower.filter(({ kind }) => kind === "paired greater");
    expect(paired.length).toBeGreaterThan(0);
    for (const { d = 0, n = 0, alpha = 0, power } of paired) {
      const own = powerGreater({ delta: d, sd: 1, ...designSize("paired", n), alpha });
      expect(mismatches({ power: own }, { power }, TOLERANCE)).toEqual([]);
    }
  });

  it("meets the printed power of equivalence and of non-inferiority", () => {
    const printed = readPublished().publishedPower.flatMap(({ decimals, power }) =>
      decimals === undefined ? [] : [power.toFixed(decimals)],
    );
    const equivalence = powerTost({
      theta: Math.log(0.95),
      lower: Math.log(0.8),
      upper: Math.log(1.25),
      sd: sdFromCv(0.3),
      alpha: 0.05,
      ...designSize("crossover", 40),
    });
    const nonInferiority = powerGreater({
      delta: Math.log(0.95) - Math.log(0.8),
      sd: sdFromCv(0.25),
      alpha: 0.025,
      ...designSize("crossover", 36),
    });
    expect([equivalence?.toFixed(6), nonInferiority?.toFixed(6)]).toEqual(printed);
  });
});
