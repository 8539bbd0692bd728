import type { LookTaken } from "../../ledger/domain/look.ts";
import { latestOf, type LookFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { candidateData, countProtocolViolations } from "../evidence/resolved-pairs.ts";
import { noneOf } from "../statistics/status.ts";
import { roundNumbers } from "../text/round-numbers.ts";
import {
  assessCandidates,
  type AssessedCandidate,
  fingerprintOf,
  isAllocationAlarm,
} from "./assess-candidates.ts";
import type { GateFile } from "./gate-file.ts";
import { figuresOf, finite } from "./look-figures.ts";
import { type Look, NO_COST } from "./look.ts";

/**
 * Looks at every candidate whose data have changed since its last recorded look. Without comparable
 * costs no look is taken, except at manual windows: their looks judge quality and the spread, and
 * never meet the criterion on cost.
 */
export function takeLooks(evidence: Evidence, gates: GateFile): readonly LookTaken[] {
  const { asked, view, design } = evidence;
  const { baseline } = asked;
  const canLook = asked.is_cost_comparable || design === "manual";
  if (baseline === null || !canLook) return [];
  const candidates = asked.candidates.map((candidate) => {
    const data = candidateData(evidence, candidate);
    return { ...data, fingerprint: fingerprintOf(data, baseline) };
  });
  const isNew = candidates.map((data) => {
    const last = latestOf(looksAt(view, data.candidate));
    const hasPair = data.windows.some(({ provider }) => provider !== baseline);
    return hasPair && last?.look.fingerprint !== data.fingerprint;
  });
  if (!isNew.includes(true)) return [];
  const assessed = assessCandidates({ baseline, rootSeed: asked.seed ?? "", gates, candidates });
  return assessed.flatMap((one, index) =>
    isNew[index] === true && one.look.nPairs > 0 ? [toRow(one, evidence, gates)] : [],
  );
}

/** The looks at a candidate, oldest first. */
export function looksAt(view: ExperimentView, candidate: string): readonly LookFact[] {
  return [...view.looks.values()]
    .filter(({ look }) => look.candidate === candidate)
    .toSorted((left, right) => left.seq - right.seq);
}

/** A recorded look as the gates read it. */
export function readLook(row: LookTaken): Look {
  const { deterministic_regressions, ...criteria } = row.criteria;
  return {
    fingerprint: row.fingerprint,
    nPairs: row.n_pairs,
    windowsA: row.windows_baseline,
    windowsB: row.windows_candidate,
    ciWidth: row.ci_width,
    zeroVariance: row.zero_variance,
    capped: row.capped,
    power: row.power,
    qualityRatio: row.quality_ratio,
    criteria: { ...criteria, deterministicRegressions: deterministic_regressions },
  };
}

/**
 * Judges a recorded look by other thresholds, from the same pairs. The look stays as recorded if the
 * ledger no longer holds those pairs.
 */
export function rejudge(evidence: Evidence, row: LookTaken, gates: GateFile): Look {
  const baseline = evidence.asked.baseline ?? "";
  const data = candidateData(evidence, row.candidate, row.n_pairs);
  if (fingerprintOf(data, baseline) !== row.fingerprint) return readLook(row);
  const [assessed] = assessCandidates({
    baseline,
    rootSeed: row.seed,
    gates,
    candidates: [data],
  });
  if (assessed === undefined) return readLook(row);
  return evidence.asked.is_cost_comparable ? assessed.look : withoutCost(assessed.look);
}

/** Units of different plans do not show which costs more; the width of the ratio has no unit. */
function withoutCost(look: Look): Look {
  return { ...look, criteria: { ...look.criteria, cost: NO_COST } };
}

/** Figures that are made of a ratio of costs, or of the evidence about it. */
const NO_COST_FIGURES = noneOf(
  "costRatio",
  "costRatioCi95",
  "costRatioCs95",
  "totalsRatio",
  "totalsRatioCi95",
  "adversePairs",
  "adverseShareUpper95",
  "logE1",
  "logETarget",
  "logESign",
);

function toRow(
  { analysis, candidate, ...assessed }: AssessedCandidate,
  evidence: Evidence,
  gates: GateFile,
): LookTaken {
  const { asked, view, design } = evidence;
  const isComparable = asked.is_cost_comparable;
  const look = isComparable ? assessed.look : withoutCost(assessed.look);
  const figures = figuresOf(analysis);
  const { deterministicRegressions, ...criteria } = look.criteria;
  return {
    record: "look_taken",
    experiment_id: view.experimentId,
    candidate,
    fingerprint: look.fingerprint,
    n_pairs: look.nPairs,
    windows_baseline: look.windowsA,
    windows_candidate: look.windowsB,
    ci_width: roundNumbers(finite(look.ciWidth)),
    zero_variance: look.zeroVariance,
    capped: look.capped ?? false,
    power: roundNumbers(finite(look.power)),
    quality_ratio: roundNumbers(finite(look.qualityRatio)),
    criteria: { ...criteria, deterministic_regressions: deterministicRegressions },
    figures: roundNumbers(isComparable ? figures : { ...figures, ...NO_COST_FIGURES }),
    srm_alarm: design === "registered" && isAllocationAlarm(analysis, gates),
    protocol_violations: countProtocolViolations(evidence),
    seed: asked.seed ?? "",
  };
}
