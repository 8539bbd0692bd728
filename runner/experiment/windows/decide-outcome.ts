import type { BudgetScope } from "../../../ledger/domain/budget-event.ts";
import type { Outcome } from "../../../ledger/domain/outcome.ts";
import type { UnknownModel } from "../../gateway/traffic/asked-models.ts";
import { isProvidersFault } from "../../gateway/traffic/providers-fault.ts";
import type { AgentEnd } from "../../platform/processes/run-agent-process.ts";
import type { Grade } from "../../tasks/grading/grade-result.ts";
import { describeFailure, mendOf, sayUnknownModel } from "./describe-failure.ts";
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
  /** The code of its error; null if it did not fail. */
  readonly lastError: string | null;
  /** How many requests the provider has failed since the last that it did not. */
  readonly faultsInRow: number;
  /** Whether that request was refused because the account has no money left. */
  readonly isCreditSpent: boolean;
  /** A model without which no attempt of this provider can work. */
  readonly unknownModel: UnknownModel | null;
  /** Requests that a model answered, without answers that broke off. */
  readonly answered: number;
  readonly end: AgentEnd;
  /** The agent itself says that it failed, whatever its exit code. */
  readonly isReportedFailed: boolean;
  /** What it printed last; empty if nothing. */
  readonly lastLine: string;
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
  const { refusal } = facts;
  if (facts.isInterrupted) return { outcome: "interrupted", reason: "The run was interrupted." };
  if (refusal?.unpricedModel !== undefined) {
    return { outcome: "session_budget", reason: sayUnpriced(refusal.unpricedModel) };
  }
  if (refusal?.scope === "overall" || refusal?.scope === "period") {
    const reason = `The ${refusal.budget} budget is spent.`;
    return { outcome: "session_budget", reason, spentBudget: refusal.scope };
  }
  return decideByProvider(facts);
}

/** The outcomes that the provider decides; null means: grade. */
function decideByProvider(facts: AttemptFacts): Verdict | null {
  const { isCreditSpent, lastStatus, unknownModel, answered } = facts;
  if (isCreditSpent) return { outcome: "provider_limit", reason: CREDIT_SPENT };
  if (lastStatus === TOO_MANY_REQUESTS) {
    const reason = "The provider answered that its limit is reached (429).";
    return { outcome: "provider_limit", reason };
  }
  if (unknownModel !== null) {
    return { outcome: "infrastructure", reason: sayUnknownModel(unknownModel) };
  }
  if (answered === 0) return decideUnanswered(facts);
  // An agent that was answered has work to grade: its last request may have been a bad one.
  if (hasGivenUp(facts) && isProvidersFault(facts)) return decideBroken(facts);
  return hasTriedToTheEnd(facts) ? decideTried(facts) : null;
}

/** Whether the agent ended because of a failure, and not by one of our limits. */
function hasGivenUp({ refusal, end, isReportedFailed }: AttemptFacts): boolean {
  if (refusal !== null || end.endedBy !== "itself") return false;
  return end.exitCode !== 0 || isReportedFailed;
}

/** After so many failures in a row, the provider was gone, and not just late once. */
const FAULTS_MIN = 3;

/** Whether an agent ran into a limit of time while its provider gave it nothing but failures. */
function hasTriedToTheEnd({ refusal, end, faultsInRow }: AttemptFacts): boolean {
  return refusal === null && isTimedOut(end) && faultsInRow >= FAULTS_MIN;
}

function decideTried(facts: AttemptFacts): Verdict {
  const failed = `The last ${String(facts.faultsInRow)} requests failed before the agent was stopped at a limit of time`;
  const reason = `${failed}. The last one ended with ${describeFailure(facts)}.${mendOf(facts)}`;
  return { outcome: "infrastructure", reason };
}

function decideBroken(facts: AttemptFacts): Verdict {
  const reason = `The agent gave up after ${describeFailure(facts)}.${mendOf(facts)}`;
  return { outcome: "infrastructure", reason };
}

/** Every window that asks this model would end so, until a person writes its price. */
export function sayUnpriced(model: string): string {
  return `No price for ${model}, which a budget of dollars needs. Write it under "prices", or give a budget of tokens.`;
}

function decideUnanswered(facts: AttemptFacts): Verdict {
  const { refusal, lastStatus, end } = facts;
  const outcome = "infrastructure";
  if (isKeyRefused(lastStatus)) {
    return { outcome, reason: sayKeyRefused(lastStatus) };
  }
  if (isInfrastructure(lastStatus)) {
    const reason = `The last request ended with ${describeFailure(facts)}.${mendOf(facts)}`;
    return { outcome, reason };
  }
  if (lastStatus === OK) {
    const reason = `Every answer of the provider broke. The last one was ${describeFailure(facts)}.`;
    return { outcome, reason };
  }
  if (end.startError !== undefined) {
    return { outcome, reason: `The agent did not start: ${end.startError}` };
  }
  if (couldNotRun(facts)) return { outcome, reason: sayCouldNotRun(facts) };
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
  if (isTimedOut(end)) {
    return { outcome: "timed_out", reason: describeEnd(end) };
  }
  if (end.endedBy !== "itself" || end.exitCode !== 0) {
    return { outcome: "crashed", reason: describeEnd(end) };
  }
  return null;
}

function isTimedOut({ endedBy }: AgentEnd): boolean {
  return endedBy === "wall_limit" || endedBy === "idle_limit";
}

const CREDIT_SPENT = "The provider answered that the account has no credit left.";

/** What a person has to mend before a window of the provider can succeed. */
export function describeKeyRefusal(facts: AttemptFacts): Pick<AttemptResult, "keyRefusal"> {
  const { isCreditSpent, unknownModel, lastStatus } = facts;
  if (isCreditSpent) return { keyRefusal: `${CREDIT_SPENT} Mend this.` };
  if (unknownModel !== null) return { keyRefusal: sayUnknownModel(unknownModel) };
  if (couldNotRun(facts)) return { keyRefusal: sayCouldNotRun(facts) };
  return isKeyRefused(lastStatus) ? { keyRefusal: `${sayKeyRefused(lastStatus)} Mend this.` } : {};
}

/** By these exit codes a shell says that a program can't be run, or is not there. */
const NOT_RUN: readonly (number | null)[] = [126, 127];

function couldNotRun({ end, lastStatus, refusal }: AttemptFacts): boolean {
  const isSilent = lastStatus === null && refusal === null;
  return isSilent && end.endedBy === "itself" && NOT_RUN.includes(end.exitCode);
}

function sayCouldNotRun({ end, lastLine }: AttemptFacts): string {
  const printed = lastLine === "" ? "" : ` Its last line: "${lastLine}".`;
  return `The agent could not be run: it exited with ${String(end.exitCode)} before its first request.${printed}`;
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
