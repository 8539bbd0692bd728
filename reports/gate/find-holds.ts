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
import { say } from "../text/four-digits.ts";
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
          carryoverHold(cost),
          totalsHold(evidence, cost.totalsEvidence, gates),
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
      const unmet =
        analysis === undefined ? NOT_ANALYSED : unmetBy(analysis, adjusted[index], gates);
      return [candidate, { entered, unknown, unmet }];
    }),
  );
}

const NOT_ANALYSED: Judged["unmet"] = { cost: ["nothing is known"], quality: [] };

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
      ...(judged.anytime === "confirmed"
        ? []
        : [`the evidence on cost is E = ${say(Math.exp(logE))}`]),
      ...(judged.point
        ? []
        : [
            `the cost ratio is ${say(cost.rounds.ratio)} and that of the totals ${say(totalsRatio)}`,
          ]),
    ],
    quality: judgeQuality(quality, gates).point
      ? []
      : [`quality is ${say(quality.ratio)} of the baseline's`],
  };
}

function missingHold(judged: Judged | undefined): Hold {
  const { entered = 0, unknown = 0, unmet = NOT_ANALYSED } = judged ?? {};
  const missed = [...unmet.cost, ...unmet.quality];
  return describe("missing_windows", {
    entered: `${entered} missing windows were entered at what they cost, the candidate's with quality 0`,
    none: "No window that matters is missing.",
    unknown: `The cost of ${unknown} missing windows is not known.`,
    judged: { entered, unknown, missed },
  });
}

function attemptsHold(judged: Judged | undefined): Hold {
  const { entered = 0, unknown = 0, unmet = NOT_ANALYSED } = judged ?? {};
  return describe("attempts_cost", {
    entered: `${entered} windows of the candidate were entered with the cost of all their attempts`,
    none: "No window of the candidate was tried more than once.",
    unknown: `What the attempts at ${unknown} windows of the candidate cost is not known.`,
    judged: { entered, unknown, missed: unmet.cost },
  });
}

function describe(
  hold: HoldName,
  said: {
    readonly entered: string;
    readonly none: string;
    readonly unknown: string;
    readonly judged: Omit<Judged, "unmet"> & { readonly missed: readonly string[] };
  },
): Hold {
  const { entered, unknown, missed } = said.judged;
  if (unknown > 0) return { hold, is_held: true, explanation: said.unknown };
  if (entered === 0) return { hold, is_held: false, explanation: said.none };
  const result = missed.length === 0 ? "the criteria are met with them" : missed.join(", ");
  return { hold, is_held: missed.length > 0, explanation: `${said.entered}: ${result}.` };
}

function carryoverHold({ carryoverWithin, carryoverDetectable, crossover }: Cost): Hold {
  const hold = "carry_over";
  if (carryoverWithin !== null) {
    const { n, estimate, pTwoSided } = carryoverWithin;
    return {
      hold,
      is_held: pTwoSided < CARRYOVER_ALPHA,
      explanation: `Within ${n} features in both orders, carry-over is a factor of ${say(Math.exp(estimate))}, p = ${say(pTwoSided)}; below ${CARRYOVER_ALPHA} it holds.`,
    };
  }
  const first = crossover?.firstPeriodOnly ?? null;
  const found =
    first === null
      ? ""
      : ` In the first period alone the cost ratio is ${say(Math.exp(first.estimate))} (95 % CI ${say(Math.exp(first.ci95Lower))} to ${say(Math.exp(first.ci95Upper))}, fixed-n).`;
  return {
    hold,
    is_held: false,
    explanation: `Carry-over is not testable: no features have both orders. The comparison between features, p = ${say(crossover?.carryover?.pTwoSided)}, would have found a factor of ${say(carryoverDetectable)} with 80 % power.${found}`,
  };
}

function totalsHold(
  { asked }: Evidence,
  evidence: Cost["totalsEvidence"],
  { alpha, cost_target }: GateFile,
): Hold {
  const hold = "totals_evidence";
  if (evidence === null) {
    const why =
      asked.cost_measure === "tokens"
        ? "a compared task has no tokens_max, or a window cost more than it"
        : "it needs costs in tokens";
    return { hold, is_held: true, explanation: `The evidence on totals is not available: ${why}.` };
  }
  const { logE, extra } = evidence;
  const needed = extra === null ? "more than 500" : String(extra);
  return {
    hold,
    is_held: !reaches(logE, -Math.log(alpha)),
    explanation: `The evidence that the ratio of totals is above ${cost_target} is E = ${say(Math.exp(logE))} (anytime-valid); ${say(1 / alpha)} is required, and as things stand needs ${needed} more features.`,
  };
}

function isolationHold(evidence: Evidence, candidate: string): Hold {
  const open = countedFinals(evidence, candidate).filter(
    ({ agent_isolation }) => agent_isolation === "none",
  );
  const explanation = `${open.length} counted windows ran without a sandbox.`;
  return { hold: "isolation", is_held: open.length > 0, explanation };
}
