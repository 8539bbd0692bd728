import type { DecisionMade } from "../../ledger/domain/decision.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ReportContext } from "../report/report-context.ts";
import { decideGate, type GateDecision } from "./decide-gate.ts";
import { countProtocolViolations } from "./experiment-data.ts";
import { gateFileSha256, thresholdsOf, type GateFile } from "./gate-file.ts";
import type { GatePolicy } from "./gate-thresholds.ts";
import { looksAt, readLook, rejudge } from "./take-looks.ts";

/** What the gates read beside the experiment's own looks. */
export interface DecisionInput {
  readonly context: ReportContext;
  readonly gates: GateFile;
  /** Hash of the gates that the looks were recorded under; looks are judged anew under others. */
  readonly registeredSha256: string;
  /** Another policy than the gate file's. */
  readonly policy?: GatePolicy;
  readonly backlogReadyBlocked: number;
  /** Providers that are halted; null stands for the experiment. */
  readonly stopped: readonly (string | null)[];
}

const EVERYTHING = "experiment";
const LOOKS_THAT_COUNT = 2;

/**
 * Decides about every candidate from its recorded looks, under all three policies. At most one seat
 * is added, of the first candidate that may expand; those whose sub-agents' requests are routed
 * elsewhere come first, the others as they were registered.
 */
export function decideExperiment(input: DecisionInput): readonly DecisionMade[] {
  const decisions = input.context.asked.candidates.map((candidate) =>
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

/** Whether the trial of the provider is one of its sub-agents. */
function isOfSubagents({ context }: DecisionInput, candidate: string): boolean {
  const provider = context.registration.providers.find(({ id }) => id === candidate);
  return provider?.routes.some(({ when }) => when.subagent === true) ?? false;
}

function decideCandidate(input: DecisionInput, candidate: string): DecisionMade {
  const { context, gates, backlogReadyBlocked } = input;
  const { view } = context;
  const rows = looksAt(view, candidate);
  const isAmended = gateFileSha256(gates) !== input.registeredSha256;
  // Of earlier looks only the one before the last distinct one is read.
  const history = distinct(rows.map(({ look }) => look))
    .slice(-LOOKS_THAT_COUNT)
    .map((look) => (isAmended ? rejudge(context, look, gates) : readLook(look)));
  const last = latestOf(rows);
  const stopped = stoppedArms(input, candidate, context.asked.baseline);
  const state = {
    backlogReadyBlocked,
    srmAlarm: last?.look.srm_alarm ?? false,
    protocolViolations: countProtocolViolations(context),
    stoppedArms: stopped,
  };
  const decide = (policy: GatePolicy) => decideGate(history, state, thresholdsOf(gates, policy));
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
    policies: {
      literal: short(decide("literal")),
      standard: short(decide("standard")),
      strict: short(decide("strict")),
    },
    backlog_ready_blocked: backlogReadyBlocked,
    stopped,
    seat: null,
  };
}

function distinct<Taken extends { readonly fingerprint: string }>(
  looks: readonly Taken[],
): readonly Taken[] {
  return looks.filter((look, index) => look.fingerprint !== looks[index + 1]?.fingerprint);
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
