import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { FinalizedFact, RequestFact } from "../../ledger/views/experiment-fact.ts";
import type { WindowView } from "../../ledger/views/window-view.ts";
import { meterName } from "../decisions/hand-question.ts";
import type { Asked } from "./report-data.ts";

/** What of a window's cost is compared; null where it is not known. */
export interface ComparedCost {
  readonly amount: number | null;
  /** false: only sub-agents' requests are compared, and the window sent none. */
  readonly hasSubagent: boolean;
}

/** The cost of the whole window, by hand what it took of its meter or plan, or, where the question says so, of its sub-agents' requests alone. */
export function comparedCost(
  final: FinalizedFact,
  view: WindowView | undefined,
  asked: Asked,
): ComparedCost {
  if (asked.experiment_id === MANUAL_EXPERIMENT) {
    return { amount: handCost(final, asked), hasSubagent: true };
  }
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

/** A window that took nothing of its meter counts, and has no cost that a ratio could be made of. */
function handCost({ capacity, cost }: FinalizedFact, asked: Asked): number | null {
  const taken = capacity.find((delta) => meterName(delta) === asked.cost_meter)?.delta ?? null;
  const amount = asked.cost_measure === "usd" ? cost.amount : taken;
  return amount === 0 ? null : amount;
}

/** A request without usage took nothing; one with usage and without a price is not known in dollars. */
function costOf({ usage, cost_usd }: RequestFact, asked: Asked): number | null {
  if (usage === null) return 0;
  return asked.cost_measure === "usd" ? cost_usd : tokensIn(asked.token_basis, usage);
}
