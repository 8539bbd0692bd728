import type { DecisionMade } from "../../ledger/domain/decision.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { countProtocolViolations } from "../evidence/resolved-pairs.ts";
import { decideGate, distinctLooks, type GateDecision } from "./decide-gate.ts";
import { byPolicy, gateFileSha256, type GateFile, type GatePolicy } from "./gate-file.ts";
import { looksAt, readLook, rejudge } from "./take-looks.ts";

/** What the gates read besides the experiment's own looks. */
export interface DecisionInput {
  readonly evidence: Evidence;
  readonly gates: GateFile;
  /** Hash of the gates of the recorded looks; under other gates the looks are judged again. */
  readonly registeredSha256: string;
  /** Replaces the gate file's policy. */
  readonly policy?: GatePolicy;
  readonly backlogReadyBlocked: number;
  /** Providers that are halted; null stands for the experiment. */
  readonly stopped: readonly (string | null)[];
}

const EVERYTHING = "experiment";
const LOOKS_THAT_COUNT = 2;

/**
 * Decides about every candidate from its recorded looks, under all three policies. At most one seat
 * is added, for the first candidate that may expand. Candidates whose sub-agents' requests are routed
 * elsewhere come first, then the others as they were registered.
 */
export function decideExperiment(input: DecisionInput): readonly DecisionMade[] {
  const decisions = input.evidence.asked.candidates.map((candidate) =>
    decideCandidate(input, candidate),
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

function decideCandidate(input: DecisionInput, candidate: string): DecisionMade {
  const { evidence, gates, backlogReadyBlocked } = input;
  const { view } = evidence;
  const rows = looksAt(view, candidate);
  const isAmended = gateFileSha256(gates) !== input.registeredSha256;
  // The gates read the last two distinct looks only.
  const history = distinctLooks(rows.map(({ look }) => look))
    .slice(-LOOKS_THAT_COUNT)
    .map((look) => (isAmended ? rejudge(evidence, look, gates) : readLook(look)));
  const last = latestOf(rows);
  const stopped = stoppedArms(input, candidate, evidence.asked.baseline);
  const state = {
    backlogReadyBlocked,
    srmAlarm: last?.look.srm_alarm ?? false,
    protocolViolations: countProtocolViolations(evidence),
    stoppedArms: stopped,
  };
  const decide = (policy: GatePolicy) => decideGate(history, state, { ...gates, policy });
  const policy = input.policy ?? gates.policy;
  const decision = decide(policy);
  return {
    record: "decision_made",
    experiment_id: view.experimentId,
    candidate,
    look: last?.id ?? null,
    gates_sha256: gateFileSha256(gates),
    gates_version: gates.version,
    policy,
    verdict: decision.verdict,
    g1: decision.G1,
    g2: decision.G2,
    g3: decision.G3,
    reasons: decision.reasons,
    policies: byPolicy((one) => short(decide(one))),
    backlog_ready_blocked: backlogReadyBlocked,
    stopped,
    seat: null,
  };
}

function stoppedArms(
  { stopped }: DecisionInput,
  candidate: string,
  baseline: string | null,
): readonly string[] {
  const concerned = stopped.filter(
    (provider) => provider === null || provider === candidate || provider === baseline,
  );
  return [...new Set(concerned.map((provider) => provider ?? EVERYTHING))].toSorted();
}

function short({ verdict, reasons }: GateDecision) {
  return { verdict, reasons };
}
