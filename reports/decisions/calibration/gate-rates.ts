import { tMixtureLogE, type MixtureEvidence } from "../../statistics/anytime/t-mixture.ts";
import { bisect } from "../../statistics/bisection.ts";
import { drawPairs } from "../../statistics/calibration/draw-pairs.ts";
import { simulate } from "../../statistics/calibration/monte-carlo.ts";
import { lowerQuantile } from "../../statistics/calibration/time-to-evidence.ts";
import { tQuantile } from "../../statistics/numerics/student-t-quantile.ts";
import { designSize } from "../../statistics/power/design-size.ts";
import { powerGreater } from "../../statistics/power/power-greater.ts";
import { fitPrefixes } from "../../statistics/prefix-fits.ts";
import type { Rng } from "../../statistics/randomisation/stream.ts";
import { decideGate, type GateState } from "../decide-gate.ts";
import { DEFAULT_THRESHOLDS, type GatePolicy } from "../gate-thresholds.ts";
import type { Look } from "../look.ts";

const PERIOD = 0.1;
const LOOK_EVERY = 2;
const FIRST_LOOK = 4;
const ALPHA = 0.05;
const COST_TARGET = 2;
const OPEN: GateState = {
  backlogReadyBlocked: DEFAULT_THRESHOLDS.backlogMin,
  srmAlarm: false,
  protocolViolations: 0,
  stoppedArms: [],
};

/** The truth of one cell. */
export interface GateCell {
  /** True geometric mean ratio of cost. */
  readonly trueRatio: number;
  /** Standard deviation of the log ratios. */
  readonly sdDiff: number;
  readonly maxPairs: number;
}

/** How often a policy has expanded by a number of pairs. */
export interface ExpandRates {
  readonly by12: number;
  readonly by40: number;
  readonly byEnd: number;
  /** Infinity where most experiments never expand. */
  readonly medianPairs: number;
}

/** What the gate does in one cell; only cost varies, all other criteria pass. */
export interface GateRates extends GateCell {
  readonly reps: number;
  readonly literal: ExpandRates;
  readonly standard: ExpandRates;
  /** Standard error of a rate of one half, the largest. */
  readonly mcSeMax: number;
}

/**
 * How often does the gate expand, rightly or falsely, with a look after every second pair? For a
 * true ratio of at most 2 every expansion is false: the standard policy keeps them at or below 5 %.
 */
export function gateRates(
  cell: GateCell,
  { rootSeed, reps }: { readonly rootSeed: string; readonly reps: number },
): GateRates {
  const scenario = `gate-${cell.trueRatio}-${cell.sdDiff}`;
  const sdLimits = Array.from({ length: cell.maxPairs + 1 }, (_, n) => largestPowerfulSd(n));
  const runs = simulate({ rootSeed, scenario, reps }, (rng) => runOnce(cell, sdLimits, rng));
  return {
    ...cell,
    reps,
    literal: summarise(runs.map(({ literal }) => literal)),
    standard: summarise(runs.map(({ standard }) => standard)),
    mcSeMax: 0.5 / Math.sqrt(reps),
  };
}

function runOnce({ trueRatio, sdDiff, maxPairs }: GateCell, sdLimits: readonly number[], rng: Rng) {
  const truth = {
    effect: Math.log(trueRatio),
    sd: sdDiff,
    period: PERIOD,
    shape: "normal",
  } as const;
  const { d, z } = drawPairs(truth, maxPairs, rng);
  const looks = fitPrefixes(d, z).flatMap((fit, index) => {
    const n = index + 1;
    if (fit === null || n < FIRST_LOOK || n % LOOK_EVERY !== 0) return [];
    return [lookAt(fit, n, sdLimits[n] ?? 0)];
  });
  return { literal: firstExpansion(looks, "literal"), standard: firstExpansion(looks, "standard") };
}

function firstExpansion(looks: readonly Look[], policy: GatePolicy): number {
  const thresholds = { ...DEFAULT_THRESHOLDS, policy };
  const expanding = looks.find((_, index) => {
    const history = looks.slice(Math.max(0, index - 1), index + 1);
    return decideGate(history, OPEN, thresholds).verdict === "expand";
  });
  return expanding?.nPairs ?? Infinity;
}

function lookAt(fit: MixtureEvidence, n: number, sdLimit: number): Look {
  const half = (tQuantileOf(fit.df) * fit.sd) / Math.sqrt(fit.nEff);
  const { greater } = tMixtureLogE(fit, { nullValue: Math.log(COST_TARGET), g: 1 });
  const anytime = greater >= -Math.log(ALPHA) ? "confirmed" : "inconclusive";
  const passing = { point: true, fixed: "inconclusive" } as const;
  return {
    fingerprint: String(n),
    nPairs: n,
    windowsA: n,
    windowsB: n,
    ciWidth: 2 * Math.sinh(half),
    zeroVariance: fit.sd === 0,
    power: fit.sd <= sdLimit ? 1 : 0,
    qualityRatio: 1,
    criteria: {
      cost: {
        point: fit.estimate >= Math.log(COST_TARGET),
        fixed: "inconclusive",
        anytime,
        sign: "inconclusive",
      },
      quality: { ...passing, anytime: "inconclusive" },
      errors: passing,
      latency: passing,
      deterministicRegressions: 0,
    },
  };
}

const quantiles = new Map<number, number>();

/** Remembered, because every experiment has the same degrees of freedom. */
function tQuantileOf(df: number): number {
  const known = quantiles.get(df) ?? tQuantile(0.975, df);
  quantiles.set(df, known);
  return known;
}

/** Power falls as the spread grows, so that a limit on the spread is a limit on power. */
function largestPowerfulSd(n: number): number {
  if (n < FIRST_LOOK) return 0;
  const size = designSize("crossover", n);
  return bisect({ low: 0.05, high: 6 }, (sd) => {
    const power = powerGreater({ ...size, delta: Math.log(COST_TARGET), sd, alpha: ALPHA });
    return (power ?? 0) >= DEFAULT_THRESHOLDS.powerMin;
  });
}

function summarise(firsts: readonly number[]): ExpandRates {
  const shareBy = (n: number) => firsts.filter((first) => first <= n).length / firsts.length;
  return {
    by12: shareBy(12),
    by40: shareBy(40),
    byEnd: shareBy(Number.MAX_SAFE_INTEGER),
    medianPairs: lowerQuantile(firsts, 0.5),
  };
}
