import type { DecisionMade } from "../../ledger/domain/decision.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { countProtocolViolations } from "../evidence/resolved-pairs.ts";
import {
  gateFileSha256,
  type GateFile,
  type GatePolicy,
  readRecordedGates,
} from "../looks/gate-file.ts";
import type { LookMemory } from "../looks/look-memory.ts";
import { readLook, rejudge } from "../looks/take-looks.ts";
import { byPolicy } from "../looks/thresholds.ts";
import { decideGate, distinctLooks, type GateDecision } from "./decide-gate.ts";
import { findHolds, type Hold } from "./find-holds.ts";
import { gateStops } from "./find-stops.ts";

/** What the gates read besides the experiment's own looks. */
export interface DecisionInput {
  readonly evidence: Evidence;
  /** Under other gates than the registered ones the looks are judged again. */
  readonly gates: GateFile;
  readonly backlogReadyBlocked: number;
  /** What the looks of the session have worked out. */
  readonly memory?: LookMemory | undefined;
}

const EVERYTHING = "experiment";
const LOOKS_THAT_COUNT = 2;

/**
 * Decides about every candidate from its recorded looks, under all three policies. At most one seat
 * is added, for the first candidate that may expand. Candidates whose sub-agents' requests are routed
 * elsewhere come first, then the others as they were registered.
 */
export function decideExperiment(input: DecisionInput): readonly DecisionMade[] {
  const holds = findHolds(input.evidence, input);
  const decisions = input.evidence.asked.candidates.map((candidate) =>
    decideCandidate(input, candidate, holds.get(candidate) ?? []),
  );
  const expanding = decisions.filter(({ verdict }) => verdict === "expand");
  const first = expanding.find((one) => isOfSubagents(input, one.candidate)) ?? expanding[0];
  return decisions.map((decision) =>
    decision === first
      ? { ...decision, seat: { provider: decision.candidate, seats: 1 as const } }
      : decision,
  );
}

/** Whether the candidate serves only the requests of sub-agents. */
function isOfSubagents({ evidence }: DecisionInput, candidate: string): boolean {
  const provider = evidence.registration.providers.find(({ id }) => id === candidate);
  return provider?.routes.some(({ when }) => when.subagent === true) ?? false;
}

function decideCandidate(
  input: DecisionInput,
  candidate: string,
  holds: readonly Hold[],
): DecisionMade {
  const { evidence, gates, backlogReadyBlocked } = input;
  const { view } = evidence;
  const rows = looksAt(view, candidate);
  const sha256 = gateFileSha256(gates);
  const isAmended = sha256 !== gateFileSha256(readRecordedGates(view).registered);
  // The gates read the last two distinct looks only.
  const history = distinctLooks(rows.map((fact) => ({ fact, fingerprint: fact.look.fingerprint })))
    .slice(-LOOKS_THAT_COUNT)
    .map(({ fact }) => (isAmended ? rejudge(evidence, fact, gates) : readLook(fact.look)));
  const last = latestOf(rows);
  const stopped = stoppedArms(evidence, candidate);
  const state = {
    backlogReadyBlocked,
    srmAlarm: last?.look.srm_alarm ?? false,
    protocolViolations: countProtocolViolations(evidence),
    stoppedArms: stopped,
    held: holds.flatMap(({ hold, is_held }) => (is_held ? [hold] : [])),
  };
  const decide = (policy: GatePolicy) => decideGate(history, state, { ...gates, policy });
  const decision = decide(gates.policy);
  return {
    record: "decision_made",
    experiment_id: view.experimentId,
    candidate,
    look: last?.id ?? null,
    gates_sha256: sha256,
    gates_version: gates.version,
    policy: gates.policy,
    verdict: decision.verdict,
    g1: decision.G1,
    g2: decision.G2,
    g3: decision.G3,
    reasons: decision.reasons,
    policies: byPolicy((one) => short(decide(one))),
    backlog_ready_blocked: backlogReadyBlocked,
    stopped,
    seat: null,
    ...(isAmended ? { is_amended: true } : {}),
    holds,
  };
}

function stoppedArms(evidence: Evidence, candidate: string): readonly string[] {
  const own = [null, candidate, evidence.asked.baseline];
  const concerned = gateStops(evidence).filter(({ provider }) => own.includes(provider));
  return [...new Set(concerned.map(({ provider }) => provider ?? EVERYTHING))].toSorted();
}

function short({ verdict, reasons }: GateDecision) {
  return { verdict, reasons };
}
