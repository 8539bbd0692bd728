import type { DecisionMade } from "../../ledger/domain/decision.ts";
import type { Evidence } from "../evidence/evidence.ts";
import {
  type CandidateData,
  candidateData,
  countedFinals,
  type EnteredWindows,
  enterAttempts,
  enterMissing,
} from "../evidence/resolved-pairs.ts";
import type { GateFile } from "../looks/gate-file.ts";
import { judgeCost, judgeQuality } from "../looks/judge-criteria.ts";
import type { LookMemory } from "../looks/look-memory.ts";
import { optionsOf, reaches } from "../looks/thresholds.ts";
import { analyseEntered, type CandidateInput } from "../statistics/candidate/analyse-candidate.ts";
import { holm, pFromLogE } from "../statistics/multi-arm/holm.ts";
import { COST_NOT_DECIDED, HOLD_TEXT, UNMET } from "../text/hold-text.ts";
import type { HoldName } from "./decide-gate.ts";

const CARRYOVER_ALPHA = 0.01;

/** What can hold a candidate whatever its criteria say, and whether it does. */
export type Hold = NonNullable<DecisionMade["holds"]>[number] & { readonly hold: HoldName };

/**
 * Judges every hold for every candidate, in the order of the specification, from the data of the
 * moment: a window can go missing, or be tried again, without a new look.
 */
export function findHolds(
  evidence: Evidence,
  { gates, memory }: Judging,
): ReadonlyMap<string, readonly Hold[]> {
  const { asked } = evidence;
  if (asked.baseline === null || !asked.is_cost_comparable) return new Map();
  const missing = judgeEntered(evidence, { gates, memory }, MISSING);
  const attempts = judgeEntered(evidence, { gates, memory }, ATTEMPTS);
  return new Map(
    asked.candidates.map((candidate) => {
      const data = { ...candidateData(evidence, candidate), memory: memory?.of(candidate) };
      const { cost } = analyseData(evidence, gates, data);
      return [
        candidate,
        [
          missingHold(missing.get(candidate)),
          attemptsHold(attempts.get(candidate)),
          data.capped ? undecided("carry_over") : carryoverHold(cost),
          data.capped
            ? undecided("totals_evidence")
            : totalsHold(evidence, cost.totalsEvidence, gates),
          isolationHold(evidence, candidate),
        ],
      ];
    }),
  );
}

type Cost = ReturnType<typeof analyseEntered>["cost"];

/** How holds are judged. */
interface Judging {
  readonly gates: GateFile;
  readonly memory?: LookMemory | undefined;
}

const MISSING = { name: "missing", enter: enterMissing };
const ATTEMPTS = { name: "attempts", enter: enterAttempts };

function analyseData(
  evidence: Evidence,
  gates: GateFile,
  data: CandidateData & Pick<CandidateInput, "memory">,
) {
  const { baseline, seed } = evidence.asked;
  const options = optionsOf(gates);
  return analyseEntered({ ...data, baseline: baseline ?? "", rootSeed: seed ?? "", options });
}

interface Judged extends Omit<EnteredWindows, "windows"> {
  /** Criteria that the entered windows do not meet, in words. */
  readonly unmet: { readonly cost: readonly string[]; readonly quality: readonly string[] };
}

/**
 * Judges cost and quality with entered windows. Holm's method adjusts the evidence as it does for the
 * looks, so every candidate is judged with its own entered windows.
 */
function judgeEntered(
  evidence: Evidence,
  { gates, memory }: Judging,
  { name, enter }: typeof MISSING,
): ReadonlyMap<string, Judged> {
  const all = evidence.asked.candidates.map((candidate) => ({
    candidate,
    ...enter(evidence, candidate),
  }));
  if (all.every(({ entered }) => entered === 0)) {
    const unmet = { cost: [], quality: [] };
    return new Map(all.map(({ candidate, ...one }) => [candidate, { ...one, unmet }]));
  }
  const analyses = all.map(({ candidate, windows }) =>
    analyseData(evidence, gates, {
      ...candidateData(evidence, candidate),
      windows,
      memory: memory?.of(candidate, name),
    }),
  );
  const adjusted = holm(
    analyses.map(({ cost }) => pFromLogE(cost.evidenceAgainstTarget.logEGreater.at(-1) ?? 0)),
  );
  return new Map(
    all.map(({ candidate, entered, unknown }, index) => {
      const analysis = analyses[index];
      const found =
        analysis === undefined ? NOT_ANALYSED : unmetBy(analysis, adjusted[index], gates);
      const { capped } = candidateData(evidence, candidate);
      const unmet = capped ? { ...found, cost: [UNMET.bound] } : found;
      return [candidate, { entered, unknown, unmet }];
    }),
  );
}

const NOT_ANALYSED: Judged["unmet"] = { cost: [UNMET.unknown], quality: [] };

function unmetBy(
  { cost, quality }: ReturnType<typeof analyseEntered>,
  adjustedCostP: number | undefined,
  gates: GateFile,
): Judged["unmet"] {
  const { totalsRatio } = cost.unadjusted;
  const analyses = { cost: cost.rounds, totalsRatio, costEvidence: cost.evidenceAgainstTarget };
  const judged = judgeCost({ ...analyses, adjustedCostP }, gates);
  const logE = cost.evidenceAgainstTarget.logEGreater.at(-1) ?? 0;
  return {
    cost: [
      ...(judged.anytime === "confirmed" ? [] : [UNMET.evidence(logE)]),
      ...(judged.point ? [] : [UNMET.cost(cost.rounds.ratio, totalsRatio)]),
    ],
    quality: judgeQuality(quality, gates).point ? [] : [UNMET.quality(quality.ratio)],
  };
}

function missingHold(judged: Judged = UNJUDGED): Hold {
  const { cost, quality } = judged.unmet;
  const facts = { ...judged, missed: [...cost, ...quality] };
  return { hold: "missing_windows", is_held: holds(facts), explanation: HOLD_TEXT.missing(facts) };
}

function attemptsHold(judged: Judged = UNJUDGED): Hold {
  const facts = { ...judged, missed: judged.unmet.cost };
  return { hold: "attempts_cost", is_held: holds(facts), explanation: HOLD_TEXT.attempts(facts) };
}

const UNJUDGED: Judged = { entered: 0, unknown: 0, unmet: NOT_ANALYSED };

function holds({ entered, unknown, missed }: Parameters<typeof HOLD_TEXT.missing>[0]): boolean {
  return unknown > 0 || (entered > 0 && missed.length > 0);
}

/** A cost that counts is a lower bound. */
function undecided(hold: HoldName): Hold {
  return { hold, is_held: true, explanation: COST_NOT_DECIDED };
}

function carryoverHold({ carryoverWithin, carryoverDetectable, crossover }: Cost): Hold {
  const hold = "carry_over";
  if (carryoverWithin !== null) {
    const is_held = carryoverWithin.pTwoSided < CARRYOVER_ALPHA;
    return { hold, is_held, explanation: HOLD_TEXT.carryover(carryoverWithin, CARRYOVER_ALPHA) };
  }
  const { carryover = null, firstPeriodOnly = null } = crossover ?? {};
  const p = carryover?.pTwoSided;
  const explanation = HOLD_TEXT.noCarryover(p, carryoverDetectable, firstPeriodOnly);
  return { hold, is_held: false, explanation };
}

function totalsHold(
  { asked }: Evidence,
  evidence: Cost["totalsEvidence"],
  { alpha, cost_target }: GateFile,
): Hold {
  const isHeld = evidence === null || !reaches(evidence.logE, -Math.log(alpha));
  const explanation =
    evidence === null
      ? HOLD_TEXT.noTotals(asked.cost_measure === "tokens")
      : HOLD_TEXT.totals(cost_target, alpha, evidence);
  return { hold: "totals_evidence", is_held: isHeld, explanation };
}

function isolationHold(evidence: Evidence, candidate: string): Hold {
  const open = countedFinals(evidence, candidate).filter(
    ({ agent_isolation }) => agent_isolation === "none",
  );
  return {
    hold: "isolation",
    is_held: open.length > 0,
    explanation: HOLD_TEXT.isolation(open.length),
  };
}
