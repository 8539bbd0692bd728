import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";

type Graded = Pick<FinalizedFact, "scenarios_failed" | "scenarios_total">;

/**
 * Tests that pass under the baseline and fail under the candidate on the same feature. A candidate
 * that left nothing to grade fails every test that the baseline passes.
 */
export function countRegressions(
  baseline: Graded | undefined,
  candidate: Graded | undefined,
): number {
  if (baseline === undefined || candidate === undefined) return 0;
  if (baseline.scenarios_total === 0) return 0;
  if (candidate.scenarios_total === 0) {
    return baseline.scenarios_total - baseline.scenarios_failed.length;
  }
  const failed = new Set(baseline.scenarios_failed);
  return candidate.scenarios_failed.filter((name) => !failed.has(name)).length;
}
