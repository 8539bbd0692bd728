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
const FIRST_LOOK = 3;
const ALPHA = 0.05;
const COST_TARGET = 2;
const SD_MAX = 8;
const SD_HALVINGS = 25;
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
  /** Pairs between two looks. */
  readonly lookEvery: number;
}

/** How often a policy has expanded by a number of pairs. */
interface ExpandRates {
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
 * How often does the gate expand, rightly or falsely, with a look after every few pairs? For a
 * true ratio of at most 2 every expansion is false: the standard policy keeps them at or below 5 %.
 */
export function gateRates(
  cell: GateCell,
  { rootSeed, reps }: { readonly rootSeed: string; readonly reps: number },
): GateRates {
  const scenario = `gate-${cell.trueRatio}-${cell.sdDiff}`;
  const runs = simulate({ rootSeed, scenario, reps }, (rng) => runOnce(cell, rng));
  return {
    ...cell,
    reps,
    literal: summarise(runs.map(({ literal }) => literal)),
    standard: summarise(runs.map(({ standard }) => standard)),
    mcSeMax: 0.5 / Math.sqrt(reps),
  };
}

function runOnce(cell: GateCell, rng: Rng) {
  const { trueRatio, sdDiff, maxPairs, lookEvery } = cell;
  const truth = {
    effect: Math.log(trueRatio),
    sd: sdDiff,
    period: PERIOD,
    shape: "normal",
  } as const;
  const { d, z } = drawPairs(truth, maxPairs, rng);
  const looks = fitPrefixes(d, z).flatMap((fit, index) => {
    const n = index + 1;
    if (fit === null || n < FIRST_LOOK || n % lookEvery !== 0) return [];
    return [lookAt(fit, n)];
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

function lookAt(fit: MixtureEvidence, n: number): Look {
  const { tQuantile975, largestSd } = limitsFor(n);
  const half = (tQuantile975 * fit.sd) / Math.sqrt(fit.nEff);
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
    power: fit.sd <= largestSd ? 1 : 0,
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

interface LimitsAtSize {
  readonly tQuantile975: number;
  /** Power falls as the spread grows, so that a limit on the spread is a limit on power. */
  readonly largestSd: number;
}

const limits = new Map<number, LimitsAtSize>();

/** Remembered by number of pairs, because every experiment comes by the same sizes. */
function limitsFor(n: number): LimitsAtSize {
  const known = limits.get(n);
  if (known !== undefined) return known;
  const size = designSize("crossover", n);
  const isPowerful = (sd: number) => {
    const power = powerGreater({ ...size, delta: Math.log(COST_TARGET), sd, alpha: ALPHA });
    return (power ?? 0) >= DEFAULT_THRESHOLDS.powerMin;
  };
  const largestSd = bisect({ low: 0, high: SD_MAX }, isPowerful, SD_HALVINGS);
  const own = { tQuantile975: tQuantile(0.975, size.df), largestSd };
  limits.set(n, own);
  return own;
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
