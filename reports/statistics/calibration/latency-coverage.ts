import { compareLatencies } from "../latency/compare-latencies.ts";
import type { Rng } from "../randomisation/stream.ts";
import { drawNormal } from "./draw-errors.ts";
import { rateOf, simulate, type MonteCarloRate } from "./monte-carlo.ts";

const TRUE_RATIO = 1.2;
const REQUESTS = 20;

/** How many features, and how hard to resample them. */
export interface LatencyCell {
  readonly features: number;
  /** Bootstrap replicates per experiment. */
  readonly bootstrap: number;
}

/** Coverage of both 90 % intervals of the ratio of 95th percentiles. */
export interface LatencyCoverage extends LatencyCell {
  readonly requestsPerArm: number;
  readonly nominal: number;
  readonly percentile: MonteCarloRate;
  readonly perFeatureT: MonteCarloRate;
}

/** How often do the latency intervals cover the truth, for log-normal latencies by feature? */
export function latencyCoverage(
  { features, bootstrap }: LatencyCell,
  { rootSeed, reps }: { readonly rootSeed: string; readonly reps: number },
): LatencyCoverage {
  const runs = simulate({ rootSeed, scenario: `latency-${features}`, reps }, (rng) => {
    const drawn = Array.from({ length: features }, () => drawFeature(rng));
    // The bootstrap's own seed must differ between experiments.
    const own = `${rootSeed}|${rng()}`;
    return compareLatencies({ features: drawn, rootSeed: own, replicates: bootstrap });
  });
  return {
    features,
    bootstrap,
    requestsPerArm: REQUESTS,
    nominal: 0.9,
    percentile: rateOf(runs.map((run) => covers(run.percentileRatioCi))),
    perFeatureT: rateOf(
      runs.map(({ perFeatureT: t }) => covers(t && [t.ratioCi90Lower, t.ratioCi90Upper])),
    ),
  };
}

function covers(limits: readonly [number, number] | null): boolean {
  return limits !== null && limits[0] <= TRUE_RATIO && TRUE_RATIO <= limits[1];
}

function drawFeature(rng: Rng) {
  const centre = 7 + 0.3 * drawNormal(rng);
  const draw = (shift: number) =>
    Array.from({ length: REQUESTS }, () => Math.exp(centre + shift + 0.5 * drawNormal(rng)));
  return { a: draw(0), b: draw(Math.log(TRUE_RATIO)) };
}
