import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import type { LookTaken } from "../../ledger/domain/look.ts";
import { latestOf, type LookFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { ReportContext } from "../report/report-context.ts";
import { assessCandidates, fingerprintOf } from "./assess-candidates.ts";
import { candidateData, countProtocolViolations } from "./experiment-data.ts";
import type { GateFile } from "./gate-file.ts";
import { figuresOf } from "./look-figures.ts";
import type { Look } from "./look.ts";

const SIGNIFICANT_DIGITS = 12;

/**
 * Looks at every candidate whose data have changed since its last recorded look. Where the costs of
 * the providers cannot be compared there is nothing to look at, but for windows worked by hand: there
 * quality and the spread are looked at, and the criterion on cost is never met.
 */
export function takeLooks(context: ReportContext, gates: GateFile): readonly LookTaken[] {
  const { asked, view } = context;
  const baseline = asked.baseline;
  const isByHand = view.experimentId === MANUAL_EXPERIMENT;
  if (baseline === null || (!asked.is_cost_comparable && !isByHand)) return [];
  const candidates = asked.candidates.map((candidate) => {
    const data = candidateData(context, candidate);
    return { ...data, fingerprint: fingerprintOf(data, baseline) };
  });
  const isNew = candidates.map((data) => {
    const last = lastLook(view, data.candidate);
    const hasPair = data.windows.some(({ provider }) => provider !== baseline);
    return hasPair && last?.look.fingerprint !== data.fingerprint;
  });
  if (!isNew.includes(true)) return [];
  const assessed = assessCandidates({ baseline, rootSeed: asked.seed ?? "", gates, candidates });
  return assessed.flatMap((one, index) =>
    isNew[index] === true && one.look.nPairs > 0 ? [toRow(one, context, gates)] : [],
  );
}

/** The looks at a candidate, oldest first. */
export function looksAt(view: ExperimentView, candidate: string): readonly LookFact[] {
  return [...view.looks.values()]
    .filter(({ look }) => look.candidate === candidate)
    .toSorted((left, right) => left.seq - right.seq);
}

function lastLook(view: ExperimentView, candidate: string): LookFact | undefined {
  return latestOf(looksAt(view, candidate));
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
 * A recorded look judged by other thresholds than it was recorded under: recomputed from the same
 * pairs. As recorded, where the ledger no longer holds those pairs.
 */
export function rejudge(context: ReportContext, row: LookTaken, gates: GateFile): Look {
  const baseline = context.asked.baseline ?? "";
  const data = candidateData(context, row.candidate, row.n_pairs);
  if (fingerprintOf(data, baseline) !== row.fingerprint) return readLook(row);
  const [assessed] = assessCandidates({
    baseline,
    rootSeed: row.seed,
    gates,
    candidates: [data],
  });
  if (assessed === undefined) return readLook(row);
  return context.asked.is_cost_comparable ? assessed.look : withoutCost(assessed.look);
}

/** Units of different plans tell nothing of which costs more; the width of the ratio has no unit. */
function withoutCost(look: Look): Look {
  return { ...look, criteria: { ...look.criteria, cost: NO_COST } };
}

const NO_COST: Look["criteria"]["cost"] = {
  point: false,
  fixed: "inconclusive",
  anytime: "inconclusive",
  sign: "inconclusive",
};

/** Figures that are made of a ratio of costs, or of their evidence. */
const COST_FIGURES: ReadonlySet<string> = new Set([
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
]);

type Assessed = ReturnType<typeof assessCandidates>[number];

function toRow(
  { analysis, candidate, ...assessed }: Assessed,
  context: ReportContext,
  gates: GateFile,
) {
  const { asked, view } = context;
  const isComparable = asked.is_cost_comparable;
  const look = isComparable ? assessed.look : withoutCost(assessed.look);
  const isAssigned = view.experimentId !== MANUAL_EXPERIMENT;
  const { deterministicRegressions, ...criteria } = look.criteria;
  const row: LookTaken = {
    record: "look_taken",
    experiment_id: view.experimentId,
    candidate,
    fingerprint: look.fingerprint,
    n_pairs: look.nPairs,
    windows_baseline: look.windowsA,
    windows_candidate: look.windowsB,
    ci_width: round(look.ciWidth),
    zero_variance: look.zeroVariance,
    capped: look.capped ?? false,
    power: round(look.power),
    quality_ratio: round(look.qualityRatio),
    criteria: { ...criteria, deterministic_regressions: deterministicRegressions },
    figures: roundAll(figuresOf(analysis), isComparable ? new Set() : COST_FIGURES),
    srm_alarm: isAssigned && analysis.allocation.logE >= -Math.log(gates.srm_threshold),
    protocol_violations: countProtocolViolations(context),
    seed: asked.seed ?? "",
  };
  return row;
}

function round(value: number | null): number | null {
  return value === null || !Number.isFinite(value)
    ? null
    : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

function roundAll(
  figures: ReturnType<typeof figuresOf>,
  unknown: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      unknown.has(name) ? null : Array.isArray(value) ? value.map(roundOne) : roundOne(value),
    ]),
  );
}

function roundOne(value: unknown): unknown {
  return typeof value === "number" ? round(value) : value;
}
