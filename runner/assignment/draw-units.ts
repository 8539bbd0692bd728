import { drawAssignment } from "../../reports/statistics/randomisation/draw-assignment.ts";
import { drawRunOrder } from "../../reports/statistics/randomisation/run-order.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import { ConfigurationError } from "../config/errors.ts";
import type { PlannedUnit, PlannedWindow } from "./plan.ts";

type Draw = ReturnType<typeof drawAssignment>[number];

/**
 * Draws who gets which feature first, in permuted blocks within strata, and the order in which
 * features come. Every replicate goes through all features before the next one begins.
 */
export function drawUnits(
  configuration: Configuration,
  tasks: readonly Task[],
): readonly PlannedUnit[] {
  const { seed, design, replicates } = configuration;
  const draws = drawAssignment({
    rootSeed: seed,
    features: tasks.map(({ id, stratum }) => ({ feature: id, stratum })),
    replicates,
    blockSize: design.blockSize,
  });
  const order = drawRunOrder({ rootSeed: seed, features: tasks.map(({ id }) => id) });
  const place = new Map(order.map((feature, index) => [feature, index]));
  const scheduled = draws.toSorted(
    (left, right) =>
      left.replicate - right.replicate ||
      (place.get(left.feature) ?? 0) - (place.get(right.feature) ?? 0),
  );
  const number = numberWindows();
  const pair = pairOf(configuration);
  return scheduled.map((draw) => planUnit(draw, pair, number));
}

/** The baseline is A. */
function pairOf({ providers, file }: Configuration): Readonly<Record<"A" | "B", Provider>> {
  const [baseline, candidate, ...others] = providers;
  if (others.length > 0) {
    throw new ConfigurationError(
      `${file ?? "the configuration"}: expected two providers, got ${String(providers.length)}. Compare them two at a time.`,
    );
  }
  return { A: baseline, B: candidate };
}

function planUnit(
  { feature, replicate, stratum, block, sequence }: Draw,
  pair: Readonly<Record<"A" | "B", Provider>>,
  number: (replicate: number) => string,
): PlannedUnit {
  const order = sequence === "AB" ? [pair.A, pair.B] : [pair.B, pair.A];
  const windows = order.map(({ id }, index): PlannedWindow => ({
    window: number(replicate),
    provider: id,
    featureId: feature,
    replicate,
    period: index + 1,
    command: `/implement ${feature}`,
  }));
  return { featureId: feature, replicate, stratum, block, sequence, windows };
}

/** `W0-01`, `W0-02`, … for the first replicate, `W1-01`, … for the second. */
function numberWindows(): (replicate: number) => string {
  const counts = new Map<number, number>();
  return (replicate) => {
    const count = (counts.get(replicate) ?? 0) + 1;
    counts.set(replicate, count);
    return `W${String(replicate - 1)}-${String(count).padStart(2, "0")}`;
  };
}
