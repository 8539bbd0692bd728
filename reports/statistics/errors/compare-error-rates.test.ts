import { describe, expect, it } from "vitest";

import { USUAL, mismatches, readOracle } from "../test-support/compare.ts";
import { compareClusteredErrorRates, compareErrorRates } from "./compare-error-rates.ts";
import { mcnemarTest } from "./mcnemar-test.ts";

interface Oracle {
  readonly tolerance: { readonly rootAbsolute: number };
  readonly cases: readonly {
    readonly label: string;
    readonly xA: number;
    readonly nA: number;
    readonly xB: number;
    readonly nB: number;
    readonly delta: number;
    readonly expected: unknown;
  }[];
  readonly clustered: readonly {
    readonly label: string;
    readonly xA: readonly number[];
    readonly nA: readonly number[];
    readonly xB: readonly number[];
    readonly nB: readonly number[];
    readonly delta: number;
    readonly expected: unknown;
  }[];
  readonly mcnemar: readonly {
    readonly b: number;
    readonly c: number;
    readonly expected: number;
  }[];
}

const { cases, clustered, mcnemar, tolerance }: Oracle = readOracle("06-error-rate.json");

const { errorsEmpty }: { readonly errorsEmpty: unknown } = readOracle("12-edge-cases.json");

function toleranceAt(path: string) {
  return path.includes("miettinenNurminen")
    ? { absolute: tolerance.rootAbsolute, relative: 0 }
    : USUAL;
}

function countsOf(errors: readonly number[], requests: readonly number[]) {
  return errors.map((count, index) => ({ errors: count, requests: requests[index] ?? 0 }));
}

describe("the comparison of error rates", () => {
  it.each(cases)("agrees with R: $label", ({ xA, nA, xB, nB, delta, expected }) => {
    const result = compareErrorRates({ a: { x: xA, n: nA }, b: { x: xB, n: nB } }, delta);
    expect(mismatches(result, expected, toleranceAt)).toEqual([]);
  });

  it.each(clustered)("agrees with R on clusters: $label", ({ xA, nA, xB, nB, delta, expected }) => {
    const result = compareClusteredErrorRates({ a: countsOf(xA, nA), b: countsOf(xB, nB) }, delta);
    expect(mismatches(result, expected, toleranceAt)).toEqual([]);
  });

  it.each(mcnemar)("gives McNemar's exact p for $b and $c", ({ b, c, expected }) => {
    expect(mismatches({ p: mcnemarTest({ b, c }) }, { p: expected })).toEqual([]);
  });

  it("meets the interval that Newcombe prints for 56/70 against 48/80", () => {
    const { newcombe95 } = compareErrorRates({ a: { x: 48, n: 80 }, b: { x: 56, n: 70 } });
    expect(newcombe95.map((limit) => limit.toFixed(4))).toEqual(["0.0524", "0.3339"]);
  });

  it("can't bound the difference without requests on an arm", () => {
    const result = compareErrorRates({ a: { x: 0, n: 0 }, b: { x: 1, n: 9 } });
    const [lower, upper] = result.miettinenNurminen90;
    expect({ lower, upper, status: result.status }).toEqual(errorsEmpty);
    expect(result).toMatchObject({ pA: null, diff: null, newcombe95: [-1, 1] });
  });

  it.each([
    [{ x: 3, n: 2 }, "0 to 2 errors"],
    [{ x: -1, n: 2 }, "0 to 2 errors"],
    [{ x: Number.NaN, n: 2 }, "0 to 2 errors"],
    [{ x: 0, n: Infinity }, "count of requests"],
  ])("refuses %o", (b, message) => {
    const result = compareErrorRates({ a: { x: 0, n: 5 }, b });
    expect(result.status).toBe("invalid_input");
    expect(result.problem).toContain(message);
  });

  it("names the feature whose errors exceed its requests", () => {
    const good = { errors: 0, requests: 5 };
    const result = compareClusteredErrorRates({ a: [good], b: [good, { errors: 6, requests: 5 }] });
    expect(result).toMatchObject({ status: "invalid_input", raoScottA: null });
    expect(result.problem).toContain("Feature 2, B");
  });

  it("says nothing where clustering leaves less than one effective request", () => {
    const result = compareErrorRates({ a: { x: 0.1, n: 0.4 }, b: { x: 0.2, n: 0.4 } });
    expect(result.miettinenNurminen90).toEqual([-1, 1]);
  });
});
