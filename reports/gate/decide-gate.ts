import type { GateFile, GatePolicy } from "../looks/gate-file.ts";
import type { Look, LookCriteria } from "../looks/look.ts";
import { NO_COST } from "../looks/no-cost.ts";
import { reaches, staysWithin } from "../looks/thresholds.ts";
import { byCodeUnit } from "../statistics/randomisation/code-unit-order.ts";

/** What the gates read besides the looks. */
export interface GateState {
  /** Ready features that are blocked by provider capacity alone. */
  readonly backlogReadyBlocked: number;
  /** Sequences occur in another ratio than assigned. */
  readonly srmAlarm: boolean;
  /** Pairs executed in another order than assigned. */
  readonly protocolViolations: number;
  /** Arms halted by a stop rule. */
  readonly stoppedArms: readonly string[];
  /** The holds that apply; absent: none. */
  readonly held?: readonly HoldName[];
}

/** What holds an experiment whatever its criteria say, in the order of the specification. */
export type HoldName =
  | "missing_windows"
  | "attempts_cost"
  | "carry_over"
  | "totals_evidence"
  | "isolation";

/** Why a look does not qualify. */
type QualifyReason =
  | "min_windows"
  | "ci_not_finite"
  | "ci_width"
  | "zero_variance"
  | "capped"
  | "power"
  | "quality_ratio";

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
  | HoldName
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
  /** In the order of the specification: stops, missing conditions, contrary evidence. */
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
    cost: NO_COST,
    quality: { point: false, fixed: "inconclusive", anytime: "inconclusive" },
    errors: { point: false, fixed: "inconclusive" },
    latency: { point: false, fixed: "inconclusive" },
    deterministicRegressions: 0,
  },
};

/**
 * Decides whether one seat should be added. `expand` needs all three gates and the policy's
 * evidence; `stop` means that the experiment can't be trusted to continue; `hold` comes with every
 * unmet condition.
 *
 * `literal` guarantees nothing. `standard` expands with probability at most alpha as long as the
 * true cost ratio is at most 2, however often one looks. `strict` adds the same for quality below
 * the threshold, and errors and latency must be confirmed. A hold only ever turns `expand` into
 * `hold`, so it cannot raise the rate of false ones.
 *
 * `history` are the recorded looks at one candidate, oldest first.
 */
export function decideGate(
  history: readonly Look[],
  state: GateState,
  gates: GateFile,
): GateDecision {
  const looks = distinctLooks(history);
  const last = looks.at(-1) ?? NO_LOOK;
  const stops = stopReasons(state);
  const unqualified = reasonsAgainstLook(last, gates);
  const G1 = unqualified.length === 0 && follows(last, looks.at(-2), gates);
  const G2 = state.backlogReadyBlocked >= gates.backlog_min;
  const unmet = unmetPoints(last.criteria);
  const G3 = unmet.length === 0;
  const evidence = missingEvidence(last.criteria, state.held ?? [], gates.policy);
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

/** Only the last of several consecutive looks at the same data counts. */
export function distinctLooks<Taken extends { readonly fingerprint: string }>(
  history: readonly Taken[],
): readonly Taken[] {
  return history.filter((look, index) => look.fingerprint !== history[index + 1]?.fingerprint);
}

function follows(last: Look, previous: Look | undefined, gates: GateFile): boolean {
  if (previous === undefined || last.nPairs <= previous.nPairs) return false;
  return reasonsAgainstLook(previous, gates).length === 0;
}

/** Why a look does not count towards the first gate, in the order of the specification. */
function reasonsAgainstLook(look: Look, gates: GateFile): readonly QualifyReason[] {
  const windows = Math.min(look.windowsA, look.windowsB);
  const isTooSmall =
    windows < gates.min_windows || (look.nFamilies ?? look.nPairs) < gates.min_pairs;
  const checks: readonly (readonly [QualifyReason, boolean])[] = [
    ["min_windows", isTooSmall],
    ["ci_not_finite", !isFiniteWidth(look.ciWidth)],
    ["ci_width", isFiniteWidth(look.ciWidth) && !staysWithin(look.ciWidth, gates.ci_width_max)],
    ["zero_variance", look.zeroVariance],
    ["capped", look.capped === true],
    ["power", !reaches(look.power, gates.power_min)],
    ["quality_ratio", !reaches(look.qualityRatio, gates.quality_min)],
  ];
  return checks.flatMap(([reason, applies]) => (applies ? [reason] : []));
}

function isFiniteWidth(width: number | null): boolean {
  return width !== null && Number.isFinite(width);
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

function missingEvidence(
  criteria: LookCriteria,
  held: readonly HoldName[],
  policy: GatePolicy,
): readonly GateReason[] {
  if (policy === "literal") return [];
  const holding = (...names: readonly HoldName[]) => names.filter((name) => held.includes(name));
  const { cost, quality, errors, latency } = criteria;
  const standard: readonly GateReason[] = [
    ...holding("missing_windows", "attempts_cost", "carry_over"),
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
    ...holding("totals_evidence", "isolation"),
  ];
}

function isContradicted(criterion: LookCriteria[CriterionName]): boolean {
  if (criterion.fixed === "contradicted") return true;
  return "anytime" in criterion && criterion.anytime === "contradicted";
}

function when<Reason extends GateReason>(applies: boolean, reason: Reason): readonly Reason[] {
  return applies ? [reason] : [];
}
