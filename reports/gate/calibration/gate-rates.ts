import { DEFAULT_GATES, type GateFile, type GatePolicy } from "../../looks/gate-file.ts";
import type { Look } from "../../looks/look.ts";
import { reaches } from "../../looks/thresholds.ts";
import { tMixtureLogE } from "../../statistics/anytime/t-mixture.ts";
import { drawPairs } from "../../statistics/calibration/draw-pairs.ts";
import {
  rateOf,
  reachedBy,
  simulate,
  type MonteCarloRate,
  type SimulationSize,
} from "../../statistics/calibration/monte-carlo.ts";
import { fitPrefixes, type MixtureEvidence } from "../../statistics/core/period-adjusted-fit.ts";
import { relativeWidth } from "../../statistics/core/t-inference.ts";
import { remember } from "../../statistics/numerics/remember.ts";
import { bisect } from "../../statistics/numerics/roots.ts";
import { designSize, powerGreater } from "../../statistics/power/power.ts";
import type { Rng } from "../../statistics/randomisation/stream.ts";
import { decideGate, type GateState, type HoldName } from "../decide-gate.ts";

const PERIOD = 0.1;
const FIRST_LOOK = 3;
const SD_MAX = 8;
const SD_HALVINGS = 25;
/** Only the looks can prevent a seat. */
export const OPEN_GATE: GateState = {
  backlogReadyBlocked: DEFAULT_GATES.backlog_min,
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
interface ExpandRates extends Readonly<Record<"by12" | "by40" | "byEnd", MonteCarloRate>> {
  /** Infinity if most experiments never expand. */
  readonly medianPairs: number;
}

/** What each policy does in one cell; only cost varies, all other criteria pass. */
export type GateRates = Readonly<Record<"literal" | "standard", ExpandRates>>;

/**
 * How often does the gate expand, rightly or falsely, with a look after every few pairs? For a
 * true ratio of at most 2 every expansion is false: the standard policy keeps them at or below 5 %.
 */
export function gateRates(cell: GateCell, size: SimulationSize): GateRates {
  const scenario = `gate-${cell.trueRatio}-${cell.sdDiff}`;
  const runs = simulate({ ...size, scenario }, (rng) => runOnce(cell, rng));
  return {
    literal: summarise(runs.map(({ literal }) => literal)),
    standard: summarise(runs.map(({ standard }) => standard)),
  };
}

function runOnce(cell: GateCell, rng: Rng) {
  const { trueRatio, sdDiff, maxPairs, lookEvery } = cell;
  const effect = Math.log(trueRatio);
  const truth = { effect, sd: sdDiff, period: PERIOD, shape: "normal" } as const;
  const { d, z } = drawPairs(truth, maxPairs, rng);
  const moments = fitPrefixes(d, z).flatMap((fit, index) => {
    const n = index + 1;
    return fit === null || n % lookEvery !== 0 ? [] : [{ look: lookAt(fit, n, {}), held: [] }];
  });
  return {
    literal: firstExpansion(moments, "literal"),
    standard: firstExpansion(moments, "standard"),
  };
}

/** A look, and the holds that apply when it is taken. */
export interface Moment {
  readonly look: Look;
  readonly held: readonly HoldName[];
}

/** By how many pairs the gate first expands; Infinity if it never does. */
export function firstExpansion(moments: readonly Moment[], policy: GatePolicy): number {
  const thresholds = { ...DEFAULT_GATES, policy };
  let history: readonly Look[] = [];
  for (const { look, held } of moments) {
    // A moment without a new pair has no new look.
    if (look.nPairs < FIRST_LOOK) continue;
    if (look.nPairs !== history.at(-1)?.nPairs) history = [...history.slice(-1), look];
    if (decideGate(history, { ...OPEN_GATE, held }, thresholds).verdict === "expand")
      return look.nPairs;
  }
  return Infinity;
}

/** The look at so many pairs in which only cost varies. Without totals their criterion is met. */
export function lookAt(
  fit: MixtureEvidence,
  n: number,
  {
    gates = DEFAULT_GATES,
    totals = gates.cost_target,
  }: { readonly gates?: GateFile; readonly totals?: number | null },
): Look {
  const { alpha, cost_target: target } = gates;
  const { greater, less } = tMixtureLogE(fit, { nullValue: Math.log(target), g: 1 });
  const passing = { point: true, fixed: "inconclusive" } as const;
  return {
    fingerprint: String(n),
    nPairs: n,
    windowsA: n,
    windowsB: n,
    ciWidth: relativeWidth({ se: fit.sd / Math.sqrt(fit.nEff), df: fit.df }),
    zeroVariance: fit.sd === 0,
    power: fit.sd <= largestSdFor(n, target, alpha, gates.power_min) ? 1 : 0,
    qualityRatio: 1,
    criteria: {
      cost: {
        point: fit.estimate >= Math.log(target) && reaches(totals, target),
        fixed: "inconclusive",
        anytime:
          greater >= -Math.log(alpha)
            ? "confirmed"
            : less >= -Math.log(alpha)
              ? "contradicted"
              : "inconclusive",
        sign: "inconclusive",
      },
      quality: { ...passing, anytime: "inconclusive" },
      errors: passing,
      latency: passing,
      deterministicRegressions: 0,
    },
  };
}

/** Pairs, the target of the ratio, the level, the least power. */
type GateSize = readonly [number, number, number, number];

/**
 * The largest spread with which so many pairs have the power that the gate asks for. Power falls as
 * the spread grows. Every simulated experiment has the same sizes.
 */
const largestSdFor = remember((...[n, target, alpha, powerMin]: GateSize) => {
  const size = designSize("crossover", n);
  const isPowerful = (sd: number) =>
    (powerGreater({ ...size, delta: Math.log(target), sd, alpha }) ?? 0) >= powerMin;
  return bisect({ low: 0, high: SD_MAX }, isPowerful, SD_HALVINGS);
});

export function summarise(firsts: readonly number[]): ExpandRates {
  const rateBy = (n: number) => rateOf(firsts.map((first) => first <= n));
  return {
    by12: rateBy(12),
    by40: rateBy(40),
    byEnd: rateBy(Number.MAX_SAFE_INTEGER),
    medianPairs: reachedBy(firsts, 0.5),
  };
}
