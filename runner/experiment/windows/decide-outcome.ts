import type { BudgetScope } from "../../../ledger/domain/budget-event.ts";
import type { Outcome } from "../../../ledger/domain/outcome.ts";
import type { AgentEnd } from "../../platform/processes/run-agent-process.ts";
import type { Grade } from "../../tasks/grading/grade-result.ts";
import type { AttemptResult } from "./window-worker.ts";

/** The facts about an attempt when its agent has ended, before anything is graded. */
export interface AttemptFacts {
  readonly isInterrupted: boolean;
  /** The budget that refused a request of this attempt, if one did. */
  readonly refusal: {
    readonly budget: string;
    readonly scope: BudgetScope;
    /** The model without a price, if that is why. */
    readonly unpricedModel?: string;
  } | null;
  /** Status of the last request to a model that we did not refuse; 0 is a network error, null no request. */
  readonly lastStatus: number | null;
  /** Whether that request was refused because the account has no money left. */
  readonly isCreditSpent: boolean;
  /** Requests that a model answered, without answers that broke off. */
  readonly answered: number;
  readonly end: AgentEnd;
  /** How a team's workflow ended, if it did not come to its end. */
  readonly teamEnd?: Pick<AttemptResult, "outcome" | "reason">;
}

/** An outcome with an explanation; `reason` is null if the outcome needs none. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** The scope of the budget that decided it; absent if none did. */
  readonly spentBudget?: BudgetScope;
}

const OK = 200;
const TOO_MANY_REQUESTS = 429;
const CLIENT_ERROR = 400;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;

/** The outcomes that leave nothing to grade, in their order of precedence; null means: grade. */
export function decideUngraded(facts: AttemptFacts): Verdict | null {
  const { refusal, lastStatus } = facts;
  if (facts.isInterrupted) return { outcome: "interrupted", reason: "The run was interrupted." };
  if (refusal?.unpricedModel !== undefined) {
    return { outcome: "session_budget", reason: sayUnpriced(refusal.unpricedModel) };
  }
  if (refusal?.scope === "overall" || refusal?.scope === "period") {
    const reason = `The ${refusal.budget} budget is spent.`;
    return { outcome: "session_budget", reason, spentBudget: refusal.scope };
  }
  if (facts.isCreditSpent) return { outcome: "provider_limit", reason: CREDIT_SPENT };
  if (lastStatus === TOO_MANY_REQUESTS) {
    return {
      outcome: "provider_limit",
      reason: "The provider answered that its limit is reached (429).",
    };
  }
  // An agent that was answered has work to grade: its last request may have been a bad one.
  return facts.answered === 0 ? decideUnanswered(facts) : null;
}

/** Every window that asks this model would end so, until a person writes its price. */
export function sayUnpriced(model: string): string {
  return `No price for ${model}, which a budget of dollars needs. Write it under "prices", or give a budget of tokens.`;
}

function decideUnanswered({ refusal, lastStatus, end }: AttemptFacts): Verdict {
  const outcome = "infrastructure";
  if (isKeyRefused(lastStatus)) {
    return { outcome, reason: sayKeyRefused(lastStatus) };
  }
  if (isInfrastructure(lastStatus)) {
    return { outcome, reason: `The last request ended with ${describeStatus(lastStatus)}.` };
  }
  if (lastStatus === OK) {
    return { outcome, reason: "Every answer of the provider broke off or had an error." };
  }
  if (end.startError !== undefined) {
    return { outcome, reason: `The agent did not start: ${end.startError}` };
  }
  const why =
    refusal === null ? describeEnd(end) : `the ${refusal.budget} budget had no room for the first`;
  return { outcome: "no_spend", reason: `Not one request reached a model; ${why}.` };
}

/** The outcome of a graded attempt. */
export function decideGraded(
  facts: AttemptFacts,
  grade: Pick<Grade, "quality" | "tampering">,
): Verdict {
  return decideByGrade(decideByAgent(facts), grade);
}

/** The outcome that the agent's end decides, whatever its work is worth; null if the grade decides. */
export function decideByAgent({ refusal, end, teamEnd }: AttemptFacts): Verdict | null {
  if (refusal !== null) {
    return { outcome: "capped", reason: `The ${refusal.budget} budget is spent.` };
  }
  if (teamEnd !== undefined) return teamEnd;
  if (end.endedBy === "wall_limit" || end.endedBy === "idle_limit") {
    return { outcome: "timed_out", reason: describeEnd(end) };
  }
  if (end.endedBy !== "itself" || end.exitCode !== 0) {
    return { outcome: "crashed", reason: describeEnd(end) };
  }
  return null;
}

const CREDIT_SPENT = "The provider answered that the account has no credit left.";

/** What a person has to mend before the provider answers again. */
export function describeKeyRefusal({
  isCreditSpent,
  lastStatus,
}: AttemptFacts): Pick<AttemptResult, "keyRefusal"> {
  if (isCreditSpent) return { keyRefusal: CREDIT_SPENT };
  return isKeyRefused(lastStatus) ? { keyRefusal: sayKeyRefused(lastStatus) } : {};
}

function isKeyRefused(status: number | null): status is number {
  return status === UNAUTHORIZED || status === FORBIDDEN;
}

function sayKeyRefused(status: number): string {
  return `The provider refused the credential (status ${String(status)}).`;
}

/** The endpoint failed or refused: no model has worked, and the agent's work says nothing about one. */
function isInfrastructure(status: number | null): status is number {
  return status !== null && (status === 0 || status >= CLIENT_ERROR);
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

/** The outcome of graded work. Forged results say more than how the agent ended. */
export function decideByGrade(
  agentEnd: Pick<AttemptResult, "outcome" | "reason"> | null,
  { quality, tampering }: Pick<Grade, "quality" | "tampering">,
): Pick<AttemptResult, "outcome" | "reason"> {
  if (tampering !== undefined) return { outcome: "tampered", reason: tampering };
  return agentEnd ?? decideByQuality(quality);
}

/** The outcome of work whose agent ended by itself. */
function decideByQuality(quality: number): Pick<AttemptResult, "outcome" | "reason"> {
  if (quality === 1) return { outcome: "pass", reason: null };
  return { outcome: quality === 0 ? "fail" : "partial", reason: null };
}
