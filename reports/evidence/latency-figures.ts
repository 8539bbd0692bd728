import { latestOf } from "../../ledger/views/experiment-fact.ts";
import { modelLatencies } from "../../ledger/views/progress.ts";
import { typeSevenQuantile } from "../statistics/core/quantile.ts";
import { unitKey } from "../statistics/cost/crossover-rounds.ts";
import type { Evidence } from "./evidence.ts";
import { looksAt } from "./looks-at.ts";
import type { ObservedWindow } from "./observe-windows.ts";
import { countedPairs, type PairedWindows } from "./resolved-pairs.ts";

/** Milliseconds from a request's head to its answer's end; null without any. */
export interface LatencyFigures {
  readonly n: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The windows in which a provider is compared with a candidate, or its baseline with it. */
export interface ComparedWindows {
  readonly candidate: string;
  readonly windows: readonly ObservedWindow[];
}

/** The one rule for quantiles of latencies, whatever requests are asked about. */
export function latencyFigures(latencies: readonly number[]): LatencyFigures {
  return {
    n: latencies.length,
    p50: typeSevenQuantile(latencies, 0.5),
    p95: typeSevenQuantile(latencies, 0.95),
  };
}

/** Both arms' latencies in the comparison with a candidate, as the ratio of their p95 has them. */
export function latencyAgainst(evidence: Evidence, candidate: string) {
  const pairs = pairsWithLatency(evidence, candidate);
  return {
    baseline: latencyFigures(pairs.flatMap((pair) => modelLatencies(pair.baseline))),
    candidate: latencyFigures(pairs.flatMap((pair) => modelLatencies(pair.candidate))),
  };
}

/**
 * The windows that a provider's latencies are of, by candidate: a candidate has one entry, the baseline
 * one for each candidate. Null without a baseline, since nothing is compared then.
 */
export function latencyWindows(
  evidence: Evidence,
  provider: string,
): readonly ComparedWindows[] | null {
  const { baseline, candidates } = evidence.asked;
  if (baseline === null) return null;
  const [against, role] =
    provider === baseline
      ? ([candidates, "baseline"] as const)
      : ([[provider], "candidate"] as const);
  return against.map((candidate) => ({
    candidate,
    windows: pairsWithLatency(evidence, candidate).map((pair) => pair[role]),
  }));
}

/**
 * The complete pairs that the last look counted; before the first look, those that it would count. A
 * family or feature without a latency on one side has none to compare, as in the ratio.
 */
function pairsWithLatency(evidence: Evidence, candidate: string): readonly PairedWindows[] {
  const last = latestOf(looksAt(evidence.view, candidate))?.look;
  const pairs = countedPairs(evidence, candidate, last?.n_pairs).filter((pair) =>
    [pair.baseline, pair.candidate].every(({ line }) => line.cost !== null),
  );
  const families = new Map(evidence.registration.tasks.map(({ id, family }) => [id, family]));
  const units = Map.groupBy(
    pairs,
    ({
      baseline: {
        line: { feature_id: feature },
      },
    }) => unitKey({ feature, family: families.get(feature) ?? undefined }),
  );
  return [...units.values()]
    .filter((unit) => (["baseline", "candidate"] as const).every((role) => hasLatency(unit, role)))
    .flat();
}

function hasLatency(unit: readonly PairedWindows[], role: keyof PairedWindows): boolean {
  return unit.some((pair) => modelLatencies(pair[role]).length > 0);
}
