import type { Evidence } from "../evidence/evidence.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import type { ObservedWindow } from "../evidence/observed-window.ts";
import { listPairs, type PairedWindows } from "../evidence/resolved-pairs.ts";
import type { PairLine } from "./results-data.ts";

/** The pairs of the baseline with each candidate, in schedule order. */
export function describePairs(evidence: Evidence): readonly PairLine[] {
  return evidence.asked.candidates.flatMap((candidate) =>
    listPairs(evidence, candidate).map(describePair),
  );
}

function describePair({ baseline, candidate }: PairedWindows): PairLine {
  const { line: a, missing: aMissing } = baseline;
  const { line: b, missing: bMissing } = candidate;
  const isComplete = a.state === "valid" && b.state === "valid";
  const causes = [causeOf(a, aMissing), causeOf(b, bMissing)].filter((cause) => cause !== null);
  return {
    candidate: b.provider,
    feature_id: a.feature_id,
    replicate: a.replicate,
    sequence: a.period < b.period ? "AB" : "BA",
    is_complete: isComplete,
    reason: isComplete ? null : causes.join("; "),
    baseline_cost: a.state === "valid" ? a.cost : null,
    candidate_cost: b.state === "valid" ? b.cost : null,
    cost_ratio: isComplete && a.cost !== null && b.cost !== null ? a.cost / b.cost : null,
    baseline_quality: a.quality,
    candidate_quality: b.quality,
    has_capped: [a, b].some(({ outcome }) => outcome === "capped"),
    touched_by: joinNumbers([a.touched_by, b.touched_by]),
  };
}

function causeOf({ provider, state }: ObservedWindow["line"], missing: string | null) {
  if (state === "valid") return null;
  return `${provider}: ${missing ?? "not run"}`;
}
