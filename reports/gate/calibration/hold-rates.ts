import { mean, sum } from "simple-statistics";

import { DEFAULT_GATES } from "../../looks/gate-file.ts";
import { reaches } from "../../looks/thresholds.ts";
import { drawNormal, drawPairs, type DrawnPairs } from "../../statistics/calibration/draw-pairs.ts";
import { simulate, type SimulationSize } from "../../statistics/calibration/monte-carlo.ts";
import { fitPrefixes } from "../../statistics/core/period-adjusted-fit.ts";
import type { Rng } from "../../statistics/randomisation/stream.ts";
import type { HoldName } from "../decide-gate.ts";
import { firstExpansion, type GateRates, lookAt, type Moment, summarise } from "./gate-rates.ts";

const SD = 0.3;
const PERIOD = 0.1;
const TARGET = DEFAULT_GATES.cost_target;
const PAIRS = 60;
const TASKS_A_FAMILY = 8;
const FAMILY_SD = 0.25;
const MISSING_SHARE = 0.2;
/** A fifth of all standard normal values are below this one. */
const DEAREST = -0.841_621_233_572_914_3;
const ATTEMPTS_MAX = 3;
const CHEAPER_IF_SECOND = 0.6;
const RUIN_SHARE = 0.02;
const RUIN_FACTOR = 30;
const RUINED_TOTALS = 1.5;

/** One pair of a simulated experiment, or one family of pairs. */
interface WorldPair {
  readonly z: number;
  /** The final attempts' costs. */
  readonly a: number;
  readonly b: number;
  /** Whose window is missing; it spent its cost. */
  readonly missing?: "a" | "b" | null;
  /** What all attempts at the candidate's window cost. */
  readonly spent?: number;
}

/** An experiment in which something happens that complete pairs do not show. */
type Draw = (rng: Rng) => readonly WorldPair[];

/** Each world has a true ratio of the target, by geometric means unless it says otherwise. */
const DRAWS = {
  "missing-random": (rng) =>
    drawCosts(rng, Math.log(TARGET)).map((pair) => ({
      ...pair,
      missing: rng() < MISSING_SHARE ? "b" : rng() < MISSING_SHARE / 4 ? "a" : null,
    })),
  "missing-dear": (rng) =>
    drawCosts(rng, Math.log(TARGET)).map((pair) => ({
      ...pair,
      missing: logRatio(pair) < Math.log(TARGET) + PERIOD * pair.z + SD * DEAREST ? "b" : null,
    })),
  retries: (rng) =>
    drawCosts(rng, Math.log(TARGET)).map(({ a, z, ...first }) => {
      let b = first.b;
      let spent = b;
      for (let attempt = 1; attempt < ATTEMPTS_MAX && b > a / TARGET; attempt += 1) {
        b = a * Math.exp(-Math.log(TARGET) - PERIOD * z - SD * drawNormal(rng));
        spent += b;
      }
      return { a, z, b, spent };
    }),
  families: (rng) =>
    Array.from({ length: PAIRS / 2 }, () => {
      const own = Math.log(TARGET) + FAMILY_SD * drawNormal(rng);
      const tasks = draw(rng, own, TASKS_A_FAMILY);
      return { z: mean([...tasks.z]), a: 1, b: Math.exp(-mean([...tasks.d])) };
    }),
  "carry-over": (rng) =>
    drawCosts(rng, Math.log(TARGET)).map((pair) =>
      pair.z > 0 ? { ...pair, b: pair.b * CHEAPER_IF_SECOND } : pair,
    ),
  /** A true ratio of totals of 1.5. */
  "rare-ruin": (rng) => {
    const dearer = 1 + RUIN_SHARE * (RUIN_FACTOR - 1);
    return drawCosts(rng, Math.log(RUINED_TOTALS * dearer) + (SD * SD) / 2).map((pair) =>
      rng() < RUIN_SHARE ? { ...pair, b: pair.b * RUIN_FACTOR } : pair,
    );
  },
} as const satisfies Readonly<Record<string, Draw>>;

/** What a simulated experiment can suffer from. */
export type World = keyof typeof DRAWS;

/**
 * How often does the gate expand falsely if windows go missing, runs are tried again, tasks belong
 * together, one window changes the next, or ruin is rare? A look after every pair.
 */
export function holdRates(world: World, size: SimulationSize): GateRates {
  const runs = simulate({ ...size, scenario: `hold-${world}` }, (rng) => {
    const moments = momentsOf(DRAWS[world](rng));
    return {
      literal: firstExpansion(moments, "literal"),
      standard: firstExpansion(moments, "standard"),
    };
  });
  return {
    literal: summarise(runs.map(({ literal }) => literal)),
    standard: summarise(runs.map(({ standard }) => standard)),
  };
}

function draw(rng: Rng, effect: number, count: number): DrawnPairs {
  return drawPairs({ effect, sd: SD, period: PERIOD, shape: "normal" }, count, rng);
}

function drawCosts(rng: Rng, effect: number): readonly WorldPair[] {
  const { d, z } = draw(rng, effect, PAIRS);
  return d.map((difference, index) => {
    const a = Math.exp(drawNormal(rng) / 2);
    return { z: z[index] ?? 0, a, b: a * Math.exp(-difference) };
  });
}

function logRatio({ a, b }: WorldPair): number {
  return Math.log(a) - Math.log(b);
}

/** Every look, with the holds that apply at its moment: as the product reads missing windows and retries. */
function momentsOf(pairs: readonly WorldPair[]): readonly Moment[] {
  const complete = trackOf(pairs, ({ missing, ...pair }) => (missing ? null : pair));
  const entered = trackOf(pairs, ({ missing, z, a, b }) => {
    if (missing === "a") return { z, a: b, b };
    return missing === "b" ? { z, a, b: Math.max(a, b) } : { z, a, b };
  });
  const attempts = trackOf(pairs, ({ missing, z, a, b, spent = b }) =>
    missing ? null : { z, a, b: spent },
  );
  return pairs.flatMap((_, index): readonly Moment[] => {
    const { fit, n, totals } = complete(index);
    if (fit === null) return [];
    const lost = pairs.slice(0, index + 1).filter(({ missing }) => missing === "b").length;
    const quality = n === 0 ? null : 1 - lost / (index + 1);
    const held: HoldName[] = [];
    const isLess = pairs.slice(0, index + 1).some(({ missing }) => missing);
    if (isLess && !(isMet(entered(index)) && reaches(quality, DEFAULT_GATES.quality_min))) {
      held.push("missing_windows");
    }
    if (!isMet(attempts(index))) held.push("attempts_cost");
    return [{ look: lookAt(fit, n, { totals }), held }];
  });
}

type Track = ReturnType<ReturnType<typeof trackOf>>;

/** The fit, number and ratio of totals of the pairs that `enter` keeps, by place in the schedule. */
function trackOf(
  pairs: readonly WorldPair[],
  enter: (pair: WorldPair) => Pick<WorldPair, "z" | "a" | "b"> | null,
) {
  const kept = pairs.map(enter);
  const known = kept.filter((pair) => pair !== null);
  const fits = fitPrefixes(
    known.map(logRatio),
    known.map(({ z }) => z),
  );
  return (index: number) => {
    const n = kept.slice(0, index + 1).filter((pair) => pair !== null).length;
    const own = known.slice(0, n);
    const totals = n === 0 ? null : sum(own.map(({ a }) => a)) / sum(own.map(({ b }) => b));
    return { fit: fits[n - 1] ?? null, n, totals };
  };
}

function isMet({ fit, n, totals }: Track): boolean {
  if (fit === null) return false;
  const { cost } = lookAt(fit, n, { totals }).criteria;
  return cost.point && cost.anytime === "confirmed";
}
