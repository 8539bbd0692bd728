import type { BudgetScope } from "../../ledger/domain/budget-event.ts";
import type { Outcome } from "../../ledger/domain/outcome.ts";
import type { AgentEnd } from "../drivers/run-agent-process.ts";

/** The facts about an attempt when its agent has ended, before anything is graded. */
export interface AttemptFacts {
  readonly isInterrupted: boolean;
  /** The budget that refused a request of this attempt, if one did. */
  readonly refusal: {
    readonly budget: string;
    readonly scope: BudgetScope;
  } | null;
  /** Status of the last request to a model that we did not refuse; 0 is a network error, null no request. */
  readonly lastStatus: number | null;
  /** Requests that a model answered. */
  readonly answered: number;
  readonly end: AgentEnd;
}

/** An outcome with an explanation; `reason` is null if the outcome needs none. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** The scope of the budget that decided it; absent if none did. */
  readonly spentBudget?: BudgetScope;
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;
const UNAUTHORIZED: readonly number[] = [401, 403, 404];

/** The outcomes that leave nothing to grade, in their order of precedence; null means: grade. */
export function decideUngraded(facts: AttemptFacts): Verdict | null {
  const { refusal, lastStatus, end } = facts;
  if (facts.isInterrupted) return { outcome: "interrupted", reason: "The run was interrupted." };
  if (refusal?.scope === "overall" || refusal?.scope === "period") {
    const reason = `The ${refusal.budget} budget is spent.`;
    return { outcome: "session_budget", reason, spentBudget: refusal.scope };
  }
  if (lastStatus === TOO_MANY_REQUESTS) {
    return {
      outcome: "provider_limit",
      reason: "The provider answered that its limit is reached (429).",
    };
  }
  if (isInfrastructure(lastStatus)) {
    return {
      outcome: "infrastructure",
      reason: `The last request ended with ${describeStatus(lastStatus)}.`,
    };
  }
  if (end.startError !== undefined) {
    return { outcome: "infrastructure", reason: `The agent did not start: ${end.startError}` };
  }
  if (facts.answered === 0) {
    const why =
      refusal === null
        ? describeEnd(end)
        : `the ${refusal.budget} budget had no room for the first`;
    return { outcome: "no_spend", reason: `Not one request reached a model; ${why}.` };
  }
  return null;
}

/** The outcome of a graded attempt. */
export function decideGraded(facts: AttemptFacts, quality: number): Verdict {
  const { refusal, end } = facts;
  if (refusal !== null)
    return { outcome: "capped", reason: `The ${refusal.budget} budget is spent.` };
  if (end.endedBy === "wall_limit" || end.endedBy === "idle_limit") {
    return { outcome: "timed_out", reason: describeEnd(end) };
  }
  if (end.endedBy !== "itself" || end.exitCode !== 0) {
    return { outcome: "crashed", reason: describeEnd(end) };
  }
  if (quality === 1) return { outcome: "pass", reason: null };
  return { outcome: quality === 0 ? "fail" : "partial", reason: null };
}

function isInfrastructure(status: number | null): status is number {
  return (
    status !== null && (status === 0 || status >= SERVER_ERROR || UNAUTHORIZED.includes(status))
  );
}

function describeStatus(status: number): string {
  return status === 0 ? "a network error" : `status ${String(status)}`;
}

function describeEnd({ endedBy, exitCode, exitSignal }: AgentEnd): string {
  switch (endedBy) {
    case "itself":
      return exitSignal === null
        ? `the agent exited with ${String(exitCode)}`
        : `the agent was ended by ${exitSignal}`;
    case "wall_limit":
      return "the agent was stopped at the window's time limit";
    case "idle_limit":
      return "the agent was stopped after it had done nothing for too long";
    case "output_limit":
      return "the agent was stopped because it flooded its output";
    case "abort":
      return "the agent was stopped";
  }
}
