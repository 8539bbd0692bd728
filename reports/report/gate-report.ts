import { mean, sum } from "simple-statistics";
import { z } from "zod";

import type { DecisionMade } from "../../ledger/domain/decision.ts";
import type { LookTaken } from "../../ledger/domain/look.ts";
import { errorRate } from "../../ledger/domain/request-fate.ts";
import { latestOf, type LookFact } from "../../ledger/views/experiment-fact.ts";
import { countIsolation, Isolation } from "../evidence/count-isolation.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { listVersions } from "../evidence/group-sorted.ts";
import { latencyAgainst } from "../evidence/latency-figures.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { NamedLedger } from "../evidence/named-ledger.ts";
import { candidateData, countedFinals } from "../evidence/resolved-pairs.ts";
import { Count, exact, listOf, NumberOrNull, Role, Text } from "../evidence/schema.ts";
import { decideExperiment } from "../gate/decide-experiment.ts";
import { gateStops } from "../gate/find-stops.ts";
import { SHOWN, type ShownVerdict } from "../gate/shown-verdict.ts";
import { type GateFile, gateFileSha256, readRecordedGates } from "../looks/gate-file.ts";
import { LookFigures } from "../looks/look-figures.ts";
import type { LookCriteria } from "../looks/look.ts";
import { readLook, rejudge } from "../looks/take-looks.ts";
import { byPolicy } from "../looks/thresholds.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { geometricMean } from "../statistics/core/geometric-mean.ts";
import { byCodeUnit } from "../statistics/randomisation/code-unit-order.ts";
import { explainDecision } from "./explain-decision.ts";
import type { OtherExperiment } from "./other-experiments.ts";

const Verdict = z.enum(["expand", "stay lean", "halted"]);
const Finding = z.string().nullable();

/** One criterion, read literally, at this n, and at any time of looking; null: not defined. */
const Criterion = z.strictObject({
  criterion: z.string(),
  is_met: z.boolean(),
  fixed_n: Finding,
  anytime: Finding,
  signs: Finding,
});

/** One provider's figures in the windows that a look counted. */
export const GateArm = exact({
  provider: Text,
  role: Role,
  /** Valid windows with a cost. */
  n: Count,
  /** Geometric mean, in the measure of the question; null without costs, or if one of them is 0. */
  cost: NumberOrNull,
  quality: NumberOrNull,
  /** Failed requests ÷ those that were answered or failed; null without any. */
  error_rate: NumberOrNull,
  latency_p95_ms: NumberOrNull,
  /** The versions of each tool that the windows name. */
  versions: z.record(Text, listOf(Text)),
});
export type GateArm = z.infer<typeof GateArm>;

const CandidateGate = z.strictObject({
  candidate: z.string(),
  verdict: Verdict,
  policies: z.strictObject(byPolicy(() => Verdict)),
  gates: z.strictObject({ g1: z.boolean(), g2: z.boolean(), g3: z.boolean() }),
  criteria: z.array(Criterion).readonly(),
  /** Every condition that is not met, in the order of the specification. */
  unmet: z
    .array(
      z.strictObject({
        reason: z.string(),
        explanation: z.string(),
        /** Windows that would meet it as things stand; null if windows do not help. */
        more_windows: z.number().nullable(),
      }),
    )
    .readonly(),
  /** What can hold it whatever the criteria say; shown under every policy. */
  holds: z
    .array(z.strictObject({ hold: z.string(), is_held: z.boolean(), explanation: z.string() }))
    .readonly(),
  /** Each provider's figures, and its tools' versions, in the windows that the last look counted. */
  arms: z.array(GateArm).readonly(),
  looks: z.int().nonnegative(),
  pairs: z.int().nonnegative(),
  /** As things stand, and at the 80 % upper limit of the spread; null: unknown or out of reach. */
  more_windows: z.strictObject({
    optimistic: z.number().nullable(),
    conservative: z.number().nullable(),
  }),
  /** The numbers of the last look, recorded when it was taken; null before the first. */
  figures: LookFigures.nullable(),
  seat: z.strictObject({ provider: z.string(), seats: z.literal(1) }).nullable(),
});
export type CandidateGate = z.infer<typeof CandidateGate>;

/** What one set of thresholds, with its policy, says about every candidate. */
const Answer = {
  verdict: Verdict,
  policy: z.enum(["literal", "standard", "strict"]),
  /** What the policy does not protect against. */
  not_protected: z.string(),
  gates: z.strictObject({
    sha256: z.string(),
    version: z.int(),
    registered_sha256: z.string(),
    is_amended: z.boolean(),
    thresholds: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
  candidates: z.array(CandidateGate).readonly(),
};

/** The output of `experiment gate --json`. */
export const GateReport = z.strictObject({
  gate_version: z.literal("1.0.0"),
  experiment_id: z.string(),
  /** As it was read, before the decision added rows; null for rows that no ledger keeps. */
  ledger: NamedLedger.nullable(),
  ...Answer,
  /** Seeds the streams of random numbers that the looks draw from. */
  seed: z.string().nullable(),
  backlog_ready_blocked: z.int().nonnegative(),
  /** false: the providers' vendors count tokens differently, so no look can be taken. */
  is_cost_comparable: z.boolean(),
  /** What the arms' costs are in. */
  cost_measure: z.enum(["tokens", "usd", "meter"]),
  halted: z
    .array(
      z.strictObject({
        /** null: the experiment as a whole. */
        provider: z.string().nullable(),
        rule: z.string(),
        reason: z.string(),
        release: z.string(),
      }),
    )
    .readonly(),
  /** Experiments of this ledger that compared the same providers: `multiplicity`. */
  other_experiments: z
    .array(
      z.strictObject({
        experiment_id: z.string(),
        candidate: z.string(),
        verdict: Verdict.nullable(),
      }),
    )
    .readonly(),
  /** The answer of thresholds that were not registered; it changes no exit code. null without any. */
  not_registered: z.strictObject(Answer).nullable(),
  isolation: Isolation,
  /** The repositories that tasks come from, with the number of their tasks; none for tasks in folders. */
  repositories: z.array(z.strictObject({ name: z.string(), tasks: z.int().positive() })).readonly(),
});
export type GateReport = z.infer<typeof GateReport>;
export type GateAnswer = NonNullable<GateReport["not_registered"]>;

/** Decisions about every candidate, and the gates that they were made by. */
export interface Judgement {
  readonly decisions: readonly DecisionMade[];
  readonly gates: GateFile;
}

/** What a document says besides the experiment's own figures. */
export interface Surroundings {
  readonly ledger?: NamedLedger | null;
  /** Experiments that asked the same. */
  readonly others?: readonly OtherExperiment[];
  /** Features that wait for capacity now; by default as many as at the last decision. */
  readonly backlogReadyBlocked?: number;
}

/**
 * The gate's answer for every candidate; the experiment expands if one of them may. `beside` is what
 * thresholds would say that were not registered.
 */
export function buildGateReport(
  evidence: Evidence,
  judgement: Judgement,
  {
    beside = null,
    ledger = null,
    others = [],
  }: Surroundings & { readonly beside?: Judgement | null },
): GateReport {
  const { asked, view } = evidence;
  return {
    gate_version: "1.0.0",
    experiment_id: view.experimentId,
    ledger,
    ...answerOf(evidence, judgement),
    seed: asked.seed,
    backlog_ready_blocked: judgement.decisions[0]?.backlog_ready_blocked ?? 0,
    is_cost_comparable: asked.is_cost_comparable,
    cost_measure: asked.cost_measure,
    halted: gateStops(evidence),
    other_experiments: others.map((other) => ({ ...other, verdict: shownVerdict(other.verdict) })),
    not_registered: beside === null ? null : answerOf(evidence, beside),
    isolation: countIsolation(evidence),
    repositories: countRepositories(evidence),
  };
}

function countRepositories({ registration: { tasks } }: Evidence): GateReport["repositories"] {
  const named = tasks.flatMap(({ repository }) => repository ?? []);
  return [...Map.groupBy(named, (name) => name)]
    .map(([name, own]) => ({ name, tasks: own.length }))
    .toSorted((one, other) => byCodeUnit(one.name, other.name));
}

function answerOf(evidence: Evidence, { decisions, gates }: Judgement): GateAnswer {
  const registered = gateFileSha256(readRecordedGates(evidence.view).registered);
  const sha256 = gateFileSha256(gates);
  return {
    verdict: overallVerdict(decisions),
    policy: gates.policy,
    not_protected: NOT_PROTECTED[gates.policy],
    gates: {
      sha256,
      version: gates.version,
      registered_sha256: registered,
      is_amended: sha256 !== registered,
      thresholds: gates,
    },
    candidates: decisions.map((decision) => describeCandidate(evidence, decision, gates)),
  };
}

function overallVerdict(decisions: readonly DecisionMade[]): ShownVerdict {
  const verdicts = decisions.map(({ verdict }) => verdict);
  if (verdicts.includes("expand")) return "expand";
  return verdicts.includes("stop") ? "halted" : "stay lean";
}

function shownVerdict(verdict: string | null): ShownVerdict | null {
  return Object.entries(SHOWN).find(([name]) => name === verdict)?.[1] ?? null;
}

/** `experiment simulate --cell hold-rare-ruin` shows how often. */
const RUIN =
  "rare ruin that has not happened yet (if 2 % of runs are thirty times as dear, most experiments expand at a ratio of totals of 1.5)";
const EVERYWHERE =
  "a candidate that is cheaper only when it comes second, or tasks that differ from these";

/** Said under every verdict. */
const NOT_PROTECTED: Readonly<Record<GateFile["policy"], string>> = {
  literal: `chance (at a true cost ratio of exactly the target most experiments expand), ${RUIN}, ${EVERYWHERE}`,
  standard: `quality, errors or latency that are worse and not yet contradicted, ${RUIN}, ${EVERYWHERE}`,
  strict: EVERYWHERE,
};

function describeCandidate(
  evidence: Evidence,
  decision: DecisionMade,
  gates: GateFile,
): CandidateGate {
  const { view } = evidence;
  const { candidate, verdict, policies, g1, g2, g3, seat } = decision;
  const looks = looksAt(view, candidate);
  const fact = latestOf(looks);
  const last = fact?.look;
  const figures = last === undefined ? null : LookFigures.parse(last.figures);
  return {
    candidate,
    verdict: SHOWN[verdict],
    policies: byPolicy((policy) => SHOWN[policies[policy].verdict]),
    gates: { g1, g2, g3 },
    criteria: fact === undefined ? [] : listCriteria(judgedBy(evidence, fact, gates)),
    unmet: explainDecision(view, decision, gates).map(({ moreWindows, ...reason }) => ({
      ...reason,
      more_windows: moreWindows,
    })),
    holds: listHolds(decision),
    arms: last === undefined ? [] : describeArms(evidence, last),
    looks: looks.length,
    pairs: last?.n_pairs ?? 0,
    more_windows: {
      optimistic: figures?.extraWindows ?? null,
      conservative: figures?.extraWindowsConservative ?? null,
    },
    figures,
    seat: seat === null ? null : { provider: seat.provider, seats: seat.seats },
  };
}

/** Without fields of later versions. */
function listHolds({ holds = [] }: DecisionMade): CandidateGate["holds"] {
  return holds.map(({ hold, is_held, explanation }) => ({ hold, is_held, explanation }));
}

/** The criteria as the decision read them: judged again if it had other thresholds. */
function judgedBy(evidence: Evidence, fact: LookFact, gates: GateFile): LookCriteria {
  const { registered } = readRecordedGates(evidence.view);
  const isAmended = JUDGED_BY.some((threshold) => gates[threshold] !== registered[threshold]);
  return (isAmended ? rejudge(evidence, fact, gates) : readLook(fact.look)).criteria;
}

const JUDGED_BY = [
  "alpha",
  "cost_target",
  "quality_min",
  "error_margin",
  "latency_margin",
] as const;

export function listCriteria(criteria: LookCriteria): CandidateGate["criteria"] {
  const { cost, quality, errors, latency, deterministicRegressions } = criteria;
  const nothing = { fixed: null, anytime: null, sign: null };
  const findings = {
    cost,
    quality: { ...nothing, ...quality },
    errors: { ...nothing, ...errors },
    latency: { ...nothing, ...latency },
    tests: { ...nothing, point: deterministicRegressions === 0 },
  };
  return Object.entries(findings).map(([criterion, { point, fixed, anytime, sign }]) => ({
    criterion,
    is_met: point,
    fixed_n: fixed,
    anytime,
    signs: sign,
  }));
}

/** The last decisions in the ledger, or what they would be with the backlog of now; null if there are none. */
export function recordedGate(
  evidence: Evidence,
  { backlogReadyBlocked, ...surroundings }: Surroundings,
): GateReport | null {
  const { view, asked } = evidence;
  const decisions = asked.candidates.flatMap((candidate) => {
    const own = [...view.decisions.values()].filter(
      ({ decision }) => decision.candidate === candidate,
    );
    return latestOf(own)?.decision ?? [];
  });
  const [first] = decisions;
  if (first === undefined) return null;
  const { registered, amendments } = readRecordedGates(view);
  const gates = amendments.find((one) => gateFileSha256(one) === first.gates_sha256) ?? registered;
  const waiting = backlogReadyBlocked ?? first.backlog_ready_blocked;
  const isOfNow = decisions.every((one) => one.backlog_ready_blocked === waiting);
  const decided = isOfNow
    ? decisions
    : decideExperiment({ evidence, gates, backlogReadyBlocked: waiting });
  return buildGateReport(evidence, { decisions: decided, gates }, surroundings);
}

/** Both arms of a look, from the windows that it counted. */
function describeArms(evidence: Evidence, look: LookTaken): readonly GateArm[] {
  const { candidate, n_pairs: pairs } = look;
  const baseline = evidence.asked.baseline ?? "";
  // Only complete pairs count, as in every ratio here.
  const windows = [
    ...Map.groupBy(candidateData(evidence, candidate, pairs).windows, ({ feature, replicate }) =>
      JSON.stringify([feature, replicate]),
    ).values(),
  ].flatMap((pair) => (pair.length === 2 ? pair : []));
  const finals = countedFinals(evidence, candidate, pairs);
  const latencies = latencyAgainst(evidence, candidate);
  const arms = [
    { provider: baseline, role: "baseline" },
    { provider: candidate, role: "candidate" },
  ] as const;
  return arms.map(({ provider, role }) => ({
    provider,
    role,
    ...figuresOf(windows.filter((window) => window.provider === provider)),
    latency_p95_ms: latencies[role].p95,
    versions: Object.fromEntries(
      listVersions(
        finals.filter((final) => final.provider === provider).map((final) => final.versions),
      ).map(({ name, versions }) => [name, versions]),
    ),
  }));
}

function figuresOf(own: readonly AnalysedWindow[]) {
  const costs = known(own.map(({ cost }) => cost));
  const qualities = known(own.map(({ quality }) => quality));
  const ended = sum(known(own.map((window) => window.requests)));
  const errors = sum(known(own.map((window) => window.errors)));
  return {
    n: own.length,
    cost: geometricMean(costs),
    quality: qualities.length === 0 ? null : mean(qualities),
    error_rate: errorRate({ total: ended, errors, refused: 0 }),
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}
