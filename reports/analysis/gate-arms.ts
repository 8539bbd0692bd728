import { mean, quantile, sum } from "simple-statistics";
import { z } from "zod";

import type { LookTaken } from "../../ledger/domain/look.ts";
import { candidateData, countedFinals } from "../decisions/experiment-data.ts";
import type { ReportContext } from "../report/report-context.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";

const Figure = z.number().nullable();

/** One provider's figures in the windows that a look counted. */
export const GateArm = z
  .strictObject({
    provider: z.string(),
    role: z.enum(["baseline", "candidate"]),
    /** Valid windows with a cost. */
    n: z.int().nonnegative(),
    /** Geometric mean, in the measure of the question. */
    cost: Figure,
    quality: Figure,
    /** Errors ÷ requests; null without requests. */
    error_rate: Figure,
    latency_p95_ms: Figure,
    /** Of every tool that a window names, each version once. */
    versions: z.record(z.string(), z.array(z.string()).readonly()),
  })
  .readonly();
export type GateArm = z.infer<typeof GateArm>;

/** Both arms of a look, from the windows that it counted. */
export function describeArms(context: ReportContext, look: LookTaken): readonly GateArm[] {
  const { candidate, n_pairs: pairs } = look;
  const baseline = context.asked.baseline ?? "";
  const { windows } = candidateData(context, candidate, pairs);
  const finals = countedFinals(context, candidate, pairs);
  const arms = [
    { provider: baseline, role: "baseline" },
    { provider: candidate, role: "candidate" },
  ] as const;
  return arms.map(({ provider, role }) => ({
    provider,
    role,
    ...figuresOf(windows.filter((window) => window.provider === provider)),
    versions: versionsOf(finals.filter((final) => final.provider === provider)),
  }));
}

function figuresOf(own: readonly AnalysedWindow[]) {
  const costs = known(own.map(({ cost }) => cost));
  const qualities = known(own.map(({ quality }) => quality));
  const requests = sum(known(own.map((window) => window.requests)));
  const errors = sum(known(own.map((window) => window.errors)));
  const latencies = known(own.flatMap(({ latenciesMs }) => latenciesMs));
  return {
    n: own.length,
    cost: costs.length === 0 ? null : Math.exp(mean(costs.map((cost) => Math.log(cost)))),
    quality: qualities.length === 0 ? null : mean(qualities),
    error_rate: requests === 0 ? null : errors / requests,
    latency_p95_ms: latencies.length === 0 ? null : quantile(latencies, 0.95),
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function versionsOf(
  finals: readonly { readonly versions: Readonly<Record<string, string>> }[],
): GateArm["versions"] {
  const named = finals.flatMap(({ versions }) => Object.entries(versions));
  const byTool = Map.groupBy(named, ([tool]) => tool);
  return Object.fromEntries(
    [...byTool.keys()]
      .toSorted()
      .map((tool) => [
        tool,
        [...new Set(byTool.get(tool)?.map(([, version]) => version))].toSorted(),
      ]),
  );
}
