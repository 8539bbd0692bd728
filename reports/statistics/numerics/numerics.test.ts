import { describe, expect, it } from "vitest";

import { asNumber, mismatches, readOracle } from "../test-support/compare.ts";
import { betaQuantile, betaReg } from "./beta.ts";
import { chisqQuantile, chisqSf } from "./chi-square.ts";
import { lgamma } from "./log-gamma.ts";
import { nctCdf } from "./noncentral-t.ts";
import { normCdf, normQuantile, normSf } from "./normal.ts";
import { tCdf, tPdf, tQuantile, tSf } from "./student-t.ts";

interface Oracle {
  readonly tolerance: {
    readonly relative: number;
    readonly absoluteFloor: number;
    readonly nctAbsolute: number;
  };
  readonly cases: readonly {
    readonly fn: string;
    readonly args: readonly number[];
    readonly expected: number | string;
  }[];
}

const functions: Readonly<Record<string, (...args: readonly [number, number, number]) => number>> =
  {
    lgamma,
    betaReg: (x, a, b) => betaReg(x, a, b).lower,
    tPdf,
    tCdf,
    tSf,
    tQuantile,
    normCdf,
    normSf,
    normQuantile,
    betaQuantile,
    chisqSf,
    chisqQuantile,
    nctCdf,
  };

const { cases, tolerance }: Oracle = readOracle("01-special-functions.json");

describe("special functions", () => {
  it.each(Object.entries(functions))("%s agrees with R on every case", (name, evaluate) => {
    const own = cases.filter((oracleCase) => oracleCase.fn === name);
    const allowed =
      name === "nctCdf"
        ? { absolute: tolerance.nctAbsolute, relative: 0 }
        : { absolute: tolerance.absoluteFloor, relative: tolerance.relative };
    expect(own.length).toBeGreaterThan(0);
    const wrong = own.flatMap(({ args, expected }) => {
      const [first = 0, second = 0, third = 0] = args;
      return mismatches(
        { [args.join()]: evaluate(first, second, third) },
        { [args.join()]: expected },
        allowed,
      );
    });
    expect(wrong).toEqual([]);
  });

  it("holds the relative bound of the tails down to 1e-300", () => {
    const tails = cases.filter(
      ({ fn, expected }) =>
        ["tSf", "normSf", "tQuantile"].includes(fn) && Math.abs(asNumber(expected)) > 1e-300,
    );
    const wrong = tails.flatMap(({ fn, args, expected }) => {
      const [first = 0, second = 0] = args;
      return mismatches(
        { [`${fn} ${args.join()}`]: functions[fn]?.(first, second, 0) },
        { [`${fn} ${args.join()}`]: expected },
        { absolute: 0, relative: tolerance.relative },
      );
    });
    expect(wrong).toEqual([]);
  });
});
