import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { FinalizedFact, RequestFact } from "../../ledger/views/experiment-fact.ts";
import type { WindowView } from "../../ledger/views/window-view.ts";
import { meterName } from "./manual-question.ts";
import type { Question } from "./question.ts";

/** The part of a window's cost that is compared; null if it is unknown. */
export interface ComparedCost {
  readonly amount: number | null;
  /** false: only sub-agents' requests are compared, and the window sent none. */
  readonly hasSubagent: boolean;
}

/** The cost of the whole window, or of its sub-agents' requests alone if the question says so. */
export function registeredCost(
  final: FinalizedFact,
  view: WindowView | undefined,
  asked: Question,
): ComparedCost {
  if (asked.cost_scope === "window") return { amount: final.cost.amount, hasSubagent: true };
  const attempt = view?.attempts.get(final.attempt);
  const requests = (attempt?.requests ?? []).filter(
    ({ is_model, is_subagent, fate }) => is_model && is_subagent && fate !== "refused",
  );
  if (requests.length === 0) return { amount: null, hasSubagent: false };
  const costs = requests.map((request) => costOf(request, asked));
  const known = costs.filter((cost) => cost !== null);
  const total = known.reduce((sum, cost) => sum + cost, 0);
  return { amount: known.length < costs.length ? null : total, hasSubagent: true };
}

/**
 * What a manual window took of its meter or plan. A window that took nothing is valid, but no ratio
 * can be made of 0.
 */
export function manualCost({ capacity, cost }: FinalizedFact, asked: Question): ComparedCost {
  const taken = capacity.find((delta) => meterName(delta) === asked.cost_meter)?.delta ?? null;
  const amount = asked.cost_measure === "usd" ? cost.amount : taken;
  return { amount: amount === 0 ? null : amount, hasSubagent: true };
}

/** A request without usage took nothing; the dollars of one with usage and no price are unknown. */
function costOf({ usage, cost_usd }: RequestFact, asked: Question): number | null {
  if (usage === null) return 0;
  return asked.cost_measure === "usd" ? cost_usd : tokensIn(asked.token_basis, usage);
}
