import { mean, sum } from "simple-statistics";
import { z } from "zod";

import type { LookTaken } from "../../ledger/domain/look.ts";
import { errorRate } from "../../ledger/domain/request-fate.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { listVersions } from "../evidence/group-sorted.ts";
import { candidateData, countedFinals } from "../evidence/resolved-pairs.ts";
import { Count, exact, listOf, NumberOrNull, Role, Text } from "../evidence/schema.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { geometricMean } from "../statistics/geometric-mean.ts";
import { typeSevenQuantile } from "../statistics/quantile.ts";

/** One provider's figures in the windows that a look counted. */
export const GateArm = exact({
  provider: Text,
  role: Role,
  /** Valid windows with a cost. */
  n: Count,
  /** Geometric mean, in the measure of the question; null without costs, or if one of them is 0. */
  cost: NumberOrNull,
  quality: NumberOrNull,
  /** Failed requests ÷ those that were answered or failed; null without any. */
  error_rate: NumberOrNull,
  latency_p95_ms: NumberOrNull,
  /** The versions of each tool that the windows name. */
  versions: z.record(Text, listOf(Text)),
});
export type GateArm = z.infer<typeof GateArm>;

/** Both arms of a look, from the windows that it counted. */
export function describeArms(evidence: Evidence, look: LookTaken): readonly GateArm[] {
  const { candidate, n_pairs: pairs } = look;
  const baseline = evidence.asked.baseline ?? "";
  const { windows } = candidateData(evidence, candidate, pairs);
  const finals = countedFinals(evidence, candidate, pairs);
  const arms = [
    { provider: baseline, role: "baseline" },
    { provider: candidate, role: "candidate" },
  ] as const;
  return arms.map(({ provider, role }) => ({
    provider,
    role,
    ...figuresOf(windows.filter((window) => window.provider === provider)),
    versions: Object.fromEntries(
      listVersions(
        finals.filter((final) => final.provider === provider).map((final) => final.versions),
      ).map(({ name, versions }) => [name, versions]),
    ),
  }));
}

function figuresOf(own: readonly AnalysedWindow[]) {
  const costs = known(own.map(({ cost }) => cost));
  const qualities = known(own.map(({ quality }) => quality));
  const ended = sum(known(own.map((window) => window.requests)));
  const errors = sum(known(own.map((window) => window.errors)));
  const latencies = known(own.flatMap(({ latenciesMs }) => latenciesMs));
  return {
    n: own.length,
    cost: geometricMean(costs),
    quality: qualities.length === 0 ? null : mean(qualities),
    error_rate: errorRate({ total: ended, errors, refused: 0 }),
    latency_p95_ms: typeSevenQuantile(latencies, 0.95),
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
