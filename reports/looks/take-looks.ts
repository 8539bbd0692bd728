import type { LookTaken } from "../../ledger/domain/look.ts";
import { latestOf, type LookFact } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { candidateData, countProtocolViolations } from "../evidence/resolved-pairs.ts";
import { noneOf } from "../statistics/core/status.ts";
import { roundNumbers } from "../text/round-numbers.ts";
import {
  assessCandidates,
  type AssessedCandidate,
  type AssessmentInput,
  isAllocationAlarm,
  type LookedAt,
} from "./assess-candidates.ts";
import { figuresOf, finite } from "./figures-of-look.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { GateFile } from "./gate-file.ts";
import { LookMemory } from "./look-memory.ts";
import type { Look } from "./look.ts";
import { NO_COST, withKnownCost } from "./no-cost.ts";

/**
 * Looks at every candidate whose data have changed since its last recorded look. Without comparable
 * costs no look is taken, except at manual windows: their looks judge quality and the spread, and
 * never meet the criterion on cost.
 */
export function takeLooks(
  evidence: Evidence,
  gates: GateFile,
  memory?: LookMemory,
): readonly LookTaken[] {
  const { asked, view } = evidence;
  const candidates = lookedAt(evidence, memory);
  const isNew = candidates.map((data) => {
    const last = latestOf(looksAt(view, data.candidate));
    const hasPair = data.windows.some(({ provider }) => provider !== asked.baseline);
    return hasPair && last?.look.fingerprint !== data.fingerprint;
  });
  if (!isNew.includes(true)) return [];
  return lookRows(evidence, { gates, memory, candidates }).filter(
    ({ n_pairs }, index) => isNew[index] === true && n_pairs > 0,
  );
}

/** A look at every candidate as it would be taken now, whether its data are new or not. */
export function looksNow(
  evidence: Evidence,
  gates: GateFile,
  memory?: LookMemory,
): readonly LookTaken[] {
  return lookRows(evidence, { gates, memory, candidates: lookedAt(evidence, memory) });
}

function lookedAt(evidence: Evidence, memory: LookMemory = new LookMemory()): readonly LookedAt[] {
  const { asked, design } = evidence;
  const { baseline } = asked;
  const canLook = asked.is_cost_comparable || !design.isRegistered;
  if (baseline === null || !canLook) return [];
  return asked.candidates.map((candidate) => {
    const data = candidateData(evidence, candidate);
    return { ...data, fingerprint: memory.fingerprint(data, baseline) };
  });
}

function lookRows(
  evidence: Evidence,
  { gates, ...rest }: Pick<AssessmentInput, "gates" | "memory" | "candidates">,
): readonly LookTaken[] {
  const { baseline, seed } = evidence.asked;
  const input = { baseline: baseline ?? "", rootSeed: seed ?? "", gates, ...rest };
  return assessCandidates(input).map((one) => toRow(one, evidence, gates));
}

/** A recorded look as the gates read it. */
export function readLook(row: LookTaken): Look {
  const { deterministic_regressions, ...recorded } = row.criteria;
  const criteria = withKnownCost(recorded, row.capped);
  return {
    fingerprint: row.fingerprint,
    nPairs: row.n_pairs,
    ...(row.n_families === undefined ? {} : { nFamilies: row.n_families }),
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
 * ledger no longer holds those pairs. Each other candidate enters with its last look at that moment,
 * so that several candidates are as many chances as they were.
 */
export function rejudge(evidence: Evidence, fact: LookFact, gates: GateFile): Look {
  const { asked } = evidence;
  const baseline = asked.baseline ?? "";
  const own = dataOf(evidence, fact.look);
  if (own === null) return readLook(fact.look);
  const others = looksBefore(evidence, fact).flatMap(({ look }) => dataOf(evidence, look) ?? []);
  const [assessed] = assessCandidates({
    baseline,
    rootSeed: fact.look.seed,
    gates,
    candidates: [own, ...others],
    registered: asked.candidates.length,
  });
  if (assessed === undefined) return readLook(fact.look);
  return asked.is_cost_comparable ? assessed.look : withoutCost(assessed.look);
}

/** The last look at each other candidate at the moment of a look. */
export function looksBefore({ view, asked }: Evidence, fact: LookFact): readonly LookFact[] {
  return asked.candidates
    .filter((candidate) => candidate !== fact.look.candidate)
    .flatMap(
      (candidate) => latestOf(looksAt(view, candidate).filter((one) => isUpTo(one, fact))) ?? [],
    );
}

/** The data that a recorded look counted; null if the ledger no longer holds them. */
export function dataOf(evidence: Evidence, { candidate, n_pairs, fingerprint }: LookTaken) {
  const data = candidateData(evidence, candidate, n_pairs);
  const found = fingerprintOf(data, evidence.asked.baseline ?? "");
  return found === fingerprint ? { ...data, fingerprint } : null;
}

/** Rows that are written at once have one time. */
function isUpTo(one: LookFact, other: LookFact): boolean {
  return one.seq <= other.seq || one.recorded_at === other.recorded_at;
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
  "logETotals",
  "firstPeriodRatio",
  "firstPeriodRatioCi95",
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
    srm_alarm: design.isRegistered && isAllocationAlarm(analysis, gates),
    protocol_violations: countProtocolViolations(evidence),
    seed: asked.seed ?? "",
    ...(look.nFamilies === undefined ? {} : { n_families: look.nFamilies }),
  };
}
