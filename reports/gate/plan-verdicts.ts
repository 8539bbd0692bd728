import type { GateFile } from "../looks/gate-file.ts";
import type { Look } from "../looks/look.ts";
import { drawPairs } from "../statistics/calibration/draw-pairs.ts";
import {
  type MonteCarloRate,
  rateOf,
  simulate,
  type SimulationSize,
} from "../statistics/calibration/monte-carlo.ts";
import { fitPrefixes } from "../statistics/core/period-adjusted-fit.ts";
import type { Rng } from "../statistics/randomisation/stream.ts";
import { lookAt, OPEN_GATE } from "./calibration/gate-rates.ts";
import { decideGate } from "./decide-gate.ts";

/** The true ratios for which a plan says what the gates would answer. */
const RATIOS = [1, 1.5, 2, 3];
const LOOKS = 2;

/** How often the gates give each answer at the end of a plan, if the true ratio of cost is `ratio`. */
export interface PlannedVerdicts {
  readonly ratio: number;
  readonly addOneSeat: MonteCarloRate;
  /** Stay lean, and the evidence says that the ratio is below the target. */
  readonly stayLean: MonteCarloRate;
  /** Stay lean, because too little is known. */
  readonly undecided: MonteCarloRate;
}

/** The truth that a plan is tried on: features, the spread of their log ratios, the size. */
interface PlanTruth extends SimulationSize {
  readonly features: number;
  readonly sd: number;
}

/**
 * What would the gates say after all features of a plan? Experiments with a known ratio of cost go
 * through the code that judges real ones. Every other criterion is met, and enough work waits.
 */
export function planVerdicts(truth: PlanTruth, gates: GateFile): readonly PlannedVerdicts[] {
  return RATIOS.map((ratio) => {
    const scenario = `plan-${String(ratio)}`;
    const ends = simulate({ ...truth, scenario }, (rng) => endOf({ ...truth, ratio }, gates, rng));
    const rateAt = (end: End) => rateOf(ends.map((one) => one === end));
    return {
      ratio,
      addOneSeat: rateAt("addOneSeat"),
      stayLean: rateAt("stayLean"),
      undecided: rateAt("undecided"),
    };
  });
}

type End = Exclude<keyof PlannedVerdicts, "ratio">;

function endOf(
  { features, sd, ratio }: Pick<PlanTruth, "features" | "sd"> & { readonly ratio: number },
  gates: GateFile,
  rng: Rng,
): End {
  const { d, z } = drawPairs(
    { effect: Math.log(ratio), sd, period: 0, shape: "normal" },
    features,
    rng,
  );
  const looks = fitPrefixes(d, z).flatMap((fit, index): readonly Look[] => {
    const n = index + 1;
    return fit === null || n <= features - LOOKS ? [] : [lookAt(fit, n, { gates })];
  });
  const { verdict } = decideGate(looks, OPEN_GATE, { ...gates, policy: provablePolicy(gates) });
  if (verdict === "expand") return "addOneSeat";
  return looks.at(-1)?.criteria.cost.anytime === "contradicted" ? "stayLean" : "undecided";
}

/** `strict` also asks for evidence on errors and latency, about which a plan knows nothing. */
function provablePolicy({ policy }: GateFile): GateFile["policy"] {
  return policy === "strict" ? "standard" : policy;
}
