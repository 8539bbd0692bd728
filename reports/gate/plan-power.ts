import type { GateFile } from "../looks/gate-file.ts";
import { relativeWidth } from "../statistics/core/t-inference.ts";
import { designSize, detectableEffect, powerGreater } from "../statistics/power/power.ts";
import { DEFAULT_PROJECTION, projectPairs } from "../statistics/power/projection.ts";

const SPREADS = [0.15, 0.3, 0.5];
const ASSUMED_OVER_TARGET = 1.5;
const LOG_RATIO_MAX = 10;

/**
 * What can the plan detect, before anything is known about spread? Exact, by the non-central t
 * distribution, for three spreads.
 */
export function planPower(features: number, gates: GateFile) {
  return SPREADS.map((sd) => ({
    /** Standard deviation of a feature's log ratio; 0.3 is a typical spread of ±35 %. */
    sd,
    /** Relative width of the 95 % interval of the ratio (fixed-n); null below three features. */
    ciWidth: widthAt(features, sd),
    /** The chance to find any saving if the true ratio is the gates' target. */
    power: powerAt(features, { sd, delta: Math.log(gates.cost_target), gates }),
    /** The smallest true ratio that is found with the power that the gates ask for. */
    detectableRatio: detectableRatio(features, sd, gates),
    /** Windows that the gates would need, if the true ratio were `assumedRatio`; null beyond 1,000. */
    windowsForGates: windowsForGates(sd, gates),
    assumedRatio: gates.cost_target * ASSUMED_OVER_TARGET,
  }));
}

function widthAt(features: number, sd: number): number | null {
  const { nEff, df } = designSize("crossover", features);
  return df < 1 ? null : relativeWidth({ se: sd / Math.sqrt(nEff), df });
}

function powerAt(
  features: number,
  { sd, delta, gates }: { readonly sd: number; readonly delta: number; readonly gates: GateFile },
): number | null {
  const size = designSize("crossover", features);
  return size.df < 1 ? null : powerGreater({ ...size, delta, sd, alpha: gates.alpha });
}

/** The smallest true ratio that so many features find with the gates' power, if their spread is `sd`. */
export function detectableRatio(features: number, sd: number, gates: GateFile): number | null {
  const { alpha, power_min } = gates;
  const effect = detectableEffect({ ...designSize("crossover", features), sd, alpha }, power_min);
  return effect === null || effect > LOG_RATIO_MAX ? null : Math.exp(effect);
}

/** One pair more than the first look that qualifies, since two in a row have to. */
function windowsForGates(sd: number, gates: GateFile): number | null {
  const tau = Math.log(gates.cost_target * ASSUMED_OVER_TARGET);
  const { extraPairs } = projectPairs(
    { tau, sdDiff: sd, nAB: 0, nBA: 0 },
    {
      ...DEFAULT_PROJECTION,
      minPairs: Math.max(gates.min_pairs, gates.min_windows),
      ciWidthMax: gates.ci_width_max,
      powerMin: gates.power_min,
      alpha: gates.alpha,
      ratioTarget: gates.cost_target,
      evidenceNull: gates.cost_target,
    },
  );
  return extraPairs === null ? null : 2 * (extraPairs + 1);
}
