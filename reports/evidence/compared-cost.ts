import type { Design } from "../../ledger/domain/design.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import {
  type FinalizedFact,
  type InterruptedFact,
  latestOf,
  type RequestFact,
} from "../../ledger/views/experiment-fact.ts";
import { attemptsOf } from "../../ledger/views/progress.ts";
import type { AttemptView, WindowView } from "../../ledger/views/window-view.ts";
import { meterName, type Question } from "./question.ts";

/** The amount that a window enters the analysis with. */
export interface ComparedCost {
  /** Null if it is unknown. */
  readonly amount: number | null;
  /** False if only sub-agents count and there were none. */
  readonly hasSubagent: boolean;
}

/** What the window took of the measure that the question compares. */
export function comparedCost(
  final: FinalizedFact,
  view: WindowView | undefined,
  { asked, design }: { readonly asked: Question; readonly design: Design },
): ComparedCost {
  return design.isRegistered ? registeredCost(final, view, asked) : manualCost(final, asked);
}

/** The cost of the whole window, or of its sub-agents' requests alone if the question says so. */
function registeredCost(
  final: FinalizedFact,
  view: WindowView | undefined,
  asked: Question,
): ComparedCost {
  if (asked.cost_scope === "window") return { amount: final.cost.amount, hasSubagent: true };
  return subagentCost(view?.attempts.get(final.attempt), asked);
}

function subagentCost(attempt: AttemptView | undefined, asked: Question): ComparedCost {
  const requests = (attempt?.requests ?? []).filter(
    ({ is_model, is_subagent, fate }) => is_model && is_subagent && fate !== "refused",
  );
  if (requests.length === 0) return { amount: null, hasSubagent: false };
  return { amount: sumKnown(requests.map((request) => costOf(request, asked))), hasSubagent: true };
}

/** The sum, or null if one of the costs is unknown. */
function sumKnown(costs: readonly (number | null)[]): number | null {
  const known = costs.filter((cost) => cost !== null);
  return known.length < costs.length ? null : known.reduce((sum, cost) => sum + cost, 0);
}

/** Whether the attempt took more than its cost says, so that nothing may be decided on that. */
export function hasLowerBound(
  { cost, outcome, dollars }: Pick<FinalizedFact | InterruptedFact, "cost" | "outcome" | "dollars">,
  { cost_measure: measure }: Pick<Question, "cost_measure">,
): boolean {
  if (cost.is_lower_bound || outcome === "capped") return true;
  // Earlier versions did not record that requests have no known cost.
  const { amount = null, known = 0, untold = 0 } = dollars ?? {};
  if (measure === "tokens") return untold > 0;
  return measure === "usd" && cost.basis === undefined && amount === null && known > 0;
}

/**
 * What all attempts at a registered window took, interrupted ones included; null if it is unknown or a
 * lower bound.
 */
export function costOfAttempts(view: WindowView | undefined, asked: Question): number | null {
  return sumKnown(attemptsOf(view).map((attempt) => costOfAttempt(attempt, asked)));
}

function costOfAttempt(attempt: AttemptView, asked: Question): number | null {
  const end = latestOf(attempt.finalized) ?? latestOf(attempt.interrupted);
  if (end === undefined || (hasLowerBound(end, asked) && !isOurs(end))) return null;
  if (asked.cost_scope === "subagents") {
    const { amount, hasSubagent } = subagentCost(attempt, asked);
    return hasSubagent ? amount : 0;
  }
  if (end.cost.measure === asked.cost_measure && end.cost.amount !== null) return end.cost.amount;
  if (asked.cost_measure === "tokens") return tokensIn(asked.token_basis, end.usage);
  // An attempt that no model answered spent nothing. An interrupted one may have lost an answer.
  return end.usage.requests === 0 && end.outcome !== "interrupted" ? 0 : null;
}

/** The harness was gone. No provider is to blame for that, so what was not counted is left out for each of them. */
function isOurs({ outcome, is_recovered }: Pick<FinalizedFact, "is_recovered" | "outcome">) {
  return outcome === "interrupted" && is_recovered === true;
}

/**
 * What a manual window took of its meter or plan. A window that took nothing is valid, but no ratio
 * can be made of 0.
 */
function manualCost({ capacity, cost }: FinalizedFact, asked: Question): ComparedCost {
  const taken = capacity.find((delta) => meterName(delta) === asked.cost_meter)?.delta ?? null;
  const amount = asked.cost_measure === "usd" ? cost.amount : taken;
  return { amount: amount === 0 ? null : amount, hasSubagent: true };
}

/** A request without usage took nothing; the dollars of one with usage and no price are unknown. */
function costOf({ usage, cost_usd }: RequestFact, asked: Question): number | null {
  if (usage === null) return 0;
  return asked.cost_measure === "usd" ? cost_usd : tokensIn(asked.token_basis, usage);
}
