import { byCodeUnit } from "../statistics/randomisation/code-unit-order.ts";
import type { GatePolicy, GateThresholds } from "./gate-thresholds.ts";
import type { Look, LookCriteria } from "./look.ts";
import { reasonsAgainstLook, type QualifyReason } from "./qualify-look.ts";

/** What the gates read beside the looks. */
export interface GateState {
  /** Ready features that are blocked by provider capacity alone. */
  readonly backlogReadyBlocked: number;
  /** Sequences occur in another ratio than assigned. */
  readonly srmAlarm: boolean;
  /** Pairs executed in another order than assigned. */
  readonly protocolViolations: number;
  /** Arms halted by a stop rule. */
  readonly stoppedArms: readonly string[];
}

type CriterionName = "cost" | "quality" | "errors" | "latency";

/** Why the verdict is not `expand`. */
type GateReason =
  | "srm"
  | "protocol_violation"
  | `stopped:${string}`
  | QualifyReason
  | "not_two_consecutive"
  | "backlog"
  | `${CriterionName}_point`
  | "deterministic_regression"
  | "cost_evidence"
  | `${CriterionName}_contradicted`
  | "quality_evidence"
  | "errors_evidence"
  | "latency_evidence"
  | "cost_sign_evidence";

/** The verdict and what it rests on. */
export interface GateDecision {
  readonly verdict: "expand" | "hold" | "stop";
  /** The last two distinct looks qualify. */
  readonly G1: boolean;
  /** Enough ready features wait for capacity alone. */
  readonly G2: boolean;
  /** The candidate meets every literal criterion. */
  readonly G3: boolean;
  /** In the order of the specification: what stops, what is missing, what speaks against it. */
  readonly reasons: readonly GateReason[];
}

const CRITERIA: readonly CriterionName[] = ["cost", "quality", "errors", "latency"];

const NO_LOOK: Look = {
  fingerprint: "",
  nPairs: 0,
  windowsA: 0,
  windowsB: 0,
  ciWidth: null,
  zeroVariance: false,
  power: null,
  qualityRatio: null,
  criteria: {
    cost: { point: false, fixed: "inconclusive", anytime: "inconclusive", sign: "inconclusive" },
    quality: { point: false, fixed: "inconclusive", anytime: "inconclusive" },
    errors: { point: false, fixed: "inconclusive" },
    latency: { point: false, fixed: "inconclusive" },
    deterministicRegressions: 0,
  },
};

/**
 * Should one seat be added? `expand` only where all three gates hold and the policy's evidence is
 * there; `stop` where the experiment can't be trusted to go on; else `hold`, with every unmet
 * condition.
 *
 * `literal` guarantees nothing. `standard` expands with probability at most alpha as long as the
 * true cost ratio is at most 2, however often one looks. `strict` adds the same for quality below
 * the threshold and asks that errors and latency be confirmed.
 *
 * `history` are the recorded looks at one candidate, oldest first.
 */
export function decideGate(
  history: readonly Look[],
  state: GateState,
  thresholds: GateThresholds,
): GateDecision {
  const looks = distinctLooks(history);
  const last = looks.at(-1) ?? NO_LOOK;
  const stops = stopReasons(state);
  const unqualified = reasonsAgainstLook(last, thresholds);
  const G1 = unqualified.length === 0 && follows(last, looks.at(-2), thresholds);
  const G2 = state.backlogReadyBlocked >= thresholds.backlogMin;
  const unmet = unmetPoints(last.criteria);
  const G3 = unmet.length === 0;
  const evidence = missingEvidence(last.criteria, thresholds.policy);
  const isOpen = G1 && G2 && G3 && evidence.length === 0;
  return {
    verdict: stops.length > 0 ? "stop" : isOpen ? "expand" : "hold",
    G1,
    G2,
    G3,
    reasons: [
      ...stops,
      ...unqualified,
      ...when(unqualified.length === 0 && !G1, "not_two_consecutive"),
      ...when(!G2, "backlog"),
      ...unmet,
      ...evidence,
    ],
  };
}

/** Of several looks in a row at the same data only the last one counts. */
function distinctLooks(history: readonly Look[]): readonly Look[] {
  return history.filter((look, index) => look.fingerprint !== history[index + 1]?.fingerprint);
}

function follows(last: Look, previous: Look | undefined, thresholds: GateThresholds): boolean {
  if (previous === undefined || last.nPairs <= previous.nPairs) return false;
  return reasonsAgainstLook(previous, thresholds).length === 0;
}

function stopReasons({ srmAlarm, protocolViolations, stoppedArms }: GateState) {
  return [
    ...when(srmAlarm, "srm"),
    ...when(protocolViolations > 0, "protocol_violation"),
    ...stoppedArms.toSorted(byCodeUnit).map((arm) => `stopped:${arm}` as const),
  ];
}

function unmetPoints(criteria: LookCriteria): readonly GateReason[] {
  return [
    ...CRITERIA.filter((name) => !criteria[name].point).map((name) => `${name}_point` as const),
    ...when(criteria.deterministicRegressions > 0, "deterministic_regression"),
  ];
}

function missingEvidence(criteria: LookCriteria, policy: GatePolicy): readonly GateReason[] {
  if (policy === "literal") return [];
  const { cost, quality, errors, latency } = criteria;
  const standard: readonly GateReason[] = [
    ...when(cost.anytime !== "confirmed", "cost_evidence"),
    ...CRITERIA.filter((name) => isContradicted(criteria[name])).map(
      (name) => `${name}_contradicted` as const,
    ),
  ];
  if (policy === "standard") return standard;
  return [
    ...standard,
    ...when(quality.anytime !== "confirmed", "quality_evidence"),
    ...when(errors.fixed !== "confirmed", "errors_evidence"),
    ...when(latency.fixed !== "confirmed", "latency_evidence"),
    ...when(cost.sign !== "confirmed", "cost_sign_evidence"),
  ];
}

function isContradicted(criterion: LookCriteria[CriterionName]): boolean {
  if (criterion.fixed === "contradicted") return true;
  return "anytime" in criterion && criterion.anytime === "contradicted";
}

function when<Reason extends GateReason>(applies: boolean, reason: Reason): readonly Reason[] {
  return applies ? [reason] : [];
}
