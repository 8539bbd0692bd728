import { afterEach, expect, it, vi } from "vitest";

import { betaQuantile } from "./beta.ts";
import { chisqQuantile, chisqUpperQuantile } from "./chi-square.ts";
import { normQuantile } from "./normal.ts";
import { tQuantile } from "./student-t.ts";

const TAILS = [1e-300, 1e-17, 1e-9, 1e-4, 0.01, 0.05, 0.2, 0.4999];
const PROBABILITIES = [...TAILS, 0.5001, 0.8, 0.95, 0.99, 0.9999, 1 - 1e-9];
const FREEDOMS = [1, 2, 3.5, 10, 100, 5000, 1e6];
const SHAPES = [0.3, 1, 2.5, 40, 3000];
/** Quantiles near the middle, and those of 1e-32 and below, have at most these digits. */
const ROUNDING = 1e-12;
/** Numbers below this have fewer digits. */
const SUBNORMAL = 2.3e-308;

interface Quantiles {
  readonly betaQuantile: typeof betaQuantile;
  readonly chisqQuantile: typeof chisqQuantile;
  readonly chisqUpperQuantile: typeof chisqUpperQuantile;
  readonly normQuantile: typeof normQuantile;
  readonly tQuantile: typeof tQuantile;
}

function quantilesBy(own: Quantiles): ReadonlyMap<string, number> {
  const entries = PROBABILITIES.flatMap((p): [string, number][] => [
    [`normal ${p}`, own.normQuantile(p)],
    ...FREEDOMS.map((df): [string, number] => [`t ${p} ${df}`, own.tQuantile(p, df)]),
    ...FREEDOMS.map((df): [string, number] => [`chi-square ${p} ${df}`, own.chisqQuantile(p, df)]),
    ...FREEDOMS.map((df): [string, number] => [
      `chi-square beyond ${p} ${df}`,
      own.chisqUpperQuantile(p, df),
    ]),
    ...SHAPES.flatMap((a) =>
      SHAPES.map((b): [string, number] => [`beta ${p} ${a} ${b}`, own.betaQuantile(p, a, b)]),
    ),
  ]);
  return new Map(entries);
}

/** The quantiles of modules whose jstat always answers `start`. */
async function quantilesFrom(start: number): Promise<ReadonlyMap<string, number>> {
  const distribution = { inv: () => start };
  vi.resetModules();
  vi.doMock("jstat", () => ({
    default: {
      beta: distribution,
      chisquare: distribution,
      normal: distribution,
      studentt: distribution,
    },
  }));
  const [beta, chiSquare, normal, studentT] = await Promise.all([
    import("./beta.ts"),
    import("./chi-square.ts"),
    import("./normal.ts"),
    import("./student-t.ts"),
  ]);
  return quantilesBy({ ...beta, ...chiSquare, ...normal, ...studentT });
}

afterEach(() => {
  vi.doUnmock("jstat");
  vi.resetModules();
});

const withJstat = quantilesBy({
  betaQuantile,
  chisqQuantile,
  chisqUpperQuantile,
  normQuantile,
  tQuantile,
});

it.each([Number.NaN, -Infinity, Infinity, 0, 1e-9, 0.3, -2, 1e6])(
  "quantiles are the same if the iteration starts at %d instead of jstat's value",
  async (start) => {
    const others = await quantilesFrom(start);
    expect(others.size).toBeGreaterThan(500);
    const wrong = [...withJstat].flatMap(([name, quantile]) => {
      const other = others.get(name) ?? Number.NaN;
      const isSame = Math.abs(other - quantile) <= ROUNDING * Math.abs(quantile) + SUBNORMAL;
      return isSame ? [] : [`${name}: ${quantile}, ${other}`];
    });
    expect(wrong).toEqual([]);
  },
);
