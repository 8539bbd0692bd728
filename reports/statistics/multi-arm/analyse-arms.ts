import { noneOf, type AnalysisStatus } from "../core/status.ts";
import { tInterval, tTest } from "../core/t-inference.ts";
import { holm } from "./holm.ts";
import { fitWithinBlocks, type BlockRow, type WithinBlockFit } from "./within-block-fit.ts";

/** One window of a comparison of several providers. */
export interface ArmWindow {
  readonly feature: string;
  /** Counted from 1. */
  readonly period: number;
  readonly arm: string;
  readonly cost: number;
  /** Counted from 1; rounds of a feature are blocks of their own. */
  readonly replicate?: number;
}

/** Baseline over one candidate. */
export type ArmContrast = ReturnType<typeof contrast>;

/** Several candidates against one baseline. */
export interface ArmsAnalysis {
  readonly status: AnalysisStatus;
  /** Names the impossible window if the status is `invalid_input`. */
  readonly problem: string | null;
  readonly residualSd: number | null;
  readonly df: number | null;
  /** In order of first appearance of the arms. */
  readonly contrasts: readonly ArmContrast[];
  /** `pGreater2` adjusted for the number of candidates. */
  readonly holmPGreater2: readonly number[];
}

const NOTHING: ArmsAnalysis = {
  status: "no_data",
  ...noneOf("problem", "residualSd", "df"),
  contrasts: [],
  holmPGreater2: [],
};

/**
 * How many times cheaper is each of several candidates? Least squares of ln cost on feature, period
 * and arm, each a fixed effect; Holm's adjustment over the candidates.
 *
 * Assumes independent normal errors with one variance; meant for Williams designs, and copes with
 * missing windows.
 *
 * Source: Jones & Kenward, Design and Analysis of Cross-Over Trials, ch. 5; Williams 1949.
 */
export function analyseArms(windows: readonly ArmWindow[], baseline: string): ArmsAnalysis {
  const problem = findProblem(windows);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem };
  const arms = [...new Set(windows.map(({ arm }) => arm))].filter((arm) => arm !== baseline);
  if (arms.length === 0 || !windows.some(({ arm }) => arm === baseline)) return NOTHING;
  const fit = fitWithinBlocks(toRows(windows, arms));
  if (fit === null) return { ...NOTHING, status: "insufficient" };
  const contrasts = arms.map((arm, index) => contrast({ arm, baseline }, index, fit));
  return {
    status: fit.residualSd === 0 ? "zero_variance" : "ok",
    problem: null,
    residualSd: fit.residualSd,
    df: fit.df,
    contrasts,
    holmPGreater2: holm(contrasts.map(({ pGreater2 }) => pGreater2)),
  };
}

/** Arm columns first, then one for each period but the first. */
function toRows(windows: readonly ArmWindow[], arms: readonly string[]): readonly BlockRow[] {
  const periods = [...new Set(windows.map(({ period }) => period))]
    .toSorted((first, second) => first - second)
    .slice(1);
  return windows.map(({ feature, replicate, period, arm, cost }) => ({
    block: JSON.stringify([feature, replicate ?? 1]),
    y: Math.log(cost),
    x: [...arms.map((own) => Number(own === arm)), ...periods.map((own) => Number(own === period))],
  }));
}

function contrast(
  names: { readonly arm: string; readonly baseline: string },
  index: number,
  { coefficients, se, df }: WithinBlockFit,
) {
  const effect = { estimate: -(coefficients[index] ?? 0), se: se[index] ?? 0, df };
  const { lower, upper } = tInterval(effect, 0.95);
  return {
    ...names,
    logRatioBaselineOverArm: effect.estimate,
    se: effect.se,
    df,
    ratio: Math.exp(effect.estimate),
    ratioCi95Lower: Math.exp(lower),
    ratioCi95Upper: Math.exp(upper),
    /** The p-value against "no cheaper". */
    pGreater1: tTest(effect, 0).pGreater,
    /** The p-value against "not more than twice as cheap". */
    pGreater2: tTest(effect, Math.LN2).pGreater,
  };
}

function findProblem(windows: readonly ArmWindow[]): string | null {
  const seen = new Set<string>();
  for (const [index, { feature, replicate, arm, cost }] of windows.entries()) {
    const name = `Window ${index + 1}, feature "${feature}", arm "${arm}"`;
    const key = JSON.stringify([feature, replicate, arm]);
    if (seen.has(key))
      return `${name}: expected each arm once per feature and replicate, got it again.`;
    seen.add(key);
    if (!(cost > 0 && cost < Infinity)) {
      return `${name}: expected a positive finite cost, got ${cost}.`;
    }
  }
  return null;
}
