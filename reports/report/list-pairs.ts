import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { assignmentsInOrder } from "./assignments-in-order.ts";
import { joinTouches } from "./index-touches.ts";
import type { ObservedWindow } from "./list-windows.ts";
import { pairHandWindows } from "./place-hand-windows.ts";
import type { ReportContext } from "./report-context.ts";
import type { PairLine } from "./results-data.ts";

/** The baseline's and each candidate's window of every feature and replicate, in schedule order. */
export function listPairs(context: ReportContext): readonly PairLine[] {
  const { view, asked, windows } = context;
  if (view.experimentId === MANUAL_EXPERIMENT) return listHandPairs(context);
  const byUnit = Map.groupBy(windows, ({ line }) => unitOf(line));
  return asked.candidates.flatMap((candidate) =>
    assignmentsInOrder(view).flatMap((assignment) => {
      const unit = byUnit.get(unitOf(assignment)) ?? [];
      const baselineWindow = unit.find(({ line }) => line.provider === asked.baseline);
      const candidateWindow = unit.find(({ line }) => line.provider === candidate);
      if (baselineWindow === undefined || candidateWindow === undefined) return [];
      return [pairOf(baselineWindow, candidateWindow)];
    }),
  );
}

/** Of windows worked by hand only pairs that are there: nobody planned others. */
function listHandPairs({ asked: { baseline, candidates }, windows }: ReportContext) {
  return candidates.flatMap((candidate) =>
    pairHandWindows(windows, { baseline, candidate }).map((pair) =>
      pairOf(pair.baseline, pair.candidate),
    ),
  );
}

function unitOf(place: { readonly feature_id: string; readonly replicate: number }): string {
  return JSON.stringify([place.feature_id, place.replicate]);
}

function pairOf(
  { line: a, missing: aMissing }: ObservedWindow,
  candidate: ObservedWindow,
): PairLine {
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
    touched_by: joinTouches([a.touched_by, b.touched_by]),
  };
}

function causeOf({ provider, state }: ObservedWindow["line"], missing: string | null) {
  if (state === "valid") return null;
  return `${provider}: ${missing ?? "not run"}`;
}
