import type { BudgetDebited } from "../../../ledger/domain/budget-event.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { ProtocolCase, Taken } from "./protocol-case.ts";

/** What became of a request without a budget, and under one. */
export type Fate = "counted" | "unknown" | "estimated" | "refused" | "costs nothing";

/** All that was seen of a request. */
export interface Seen {
  readonly row: Pick<
    ProxiedRequest,
    | "kind"
    | "status"
    | "usage"
    | "prompt_tokens"
    | "completion_tokens"
    | "completion_tokens_estimate"
    | "prompt_tokens_estimate"
  >;
  readonly debit: Pick<BudgetDebited, "total" | "is_estimated"> | undefined;
  readonly wasForwarded: boolean;
}

/**
 * @throws Error if the proxy counts another amount than the truth, counts it in other classes, or counts nothing
 * where a model has worked.
 */
export function judgeFree({ row }: Seen, { truth }: ProtocolCase): Fate {
  if (truth === null) return requireFate(row.usage === null, "costs nothing", row);
  const { prompt_tokens: prompt, completion_tokens: completion } = row;
  if (prompt === truth.prompt && completion === truth.completion) {
    return requireFate(hasClasses(row.usage, truth), "counted", row);
  }
  const estimates = [row.prompt_tokens_estimate, row.completion_tokens_estimate];
  const isEstimated = estimates.some((tokens) => typeof tokens === "number");
  const isKnownToBeOpen = row.kind === "unmetered" || isEstimated;
  // Part of the truth is no fault, if the row says that it is a part.
  const isPart = (prompt ?? 0) <= truth.prompt && (completion ?? 0) <= truth.completion;
  return requireFate(isKnownToBeOpen && isPart, "unknown", row);
}

const CACHED = ["cache_read", "cache_write_5m", "cache_write_1h"] as const;

function hasClasses(usage: Seen["row"]["usage"], { cached = {} }: Taken): boolean {
  return CACHED.every((name) => (usage?.[name] ?? 0) === (cached[name] ?? 0));
}

/** The same under a budget. */
export function judgeBudgeted({ row, debit, wasForwarded }: Seen, asked: ProtocolCase): Fate {
  const { truth, textBytes, sent } = asked;
  if (!wasForwarded) return requireFate(row.status === 402 || row.status === 400, "refused", row);
  if (truth === null) return requireFate((debit?.total ?? 0) === 0, "costs nothing", row);
  if (debit === undefined) throw new Error(`Nothing was debited: ${JSON.stringify(row)}`);
  if (debit.is_estimated !== true) {
    const { prompt, completion } = truth;
    return requireFate(debit.total === prompt + completion, "counted", debit);
  }
  const least = Math.ceil(sent.body.length / 4) + Math.floor(textBytes / 4);
  return requireFate(debit.total >= least, "estimated", { ...debit, least });
}

function requireFate(isSo: boolean, fate: Fate, seen: object): Fate {
  if (!isSo) throw new Error(`Not ${fate}: ${JSON.stringify(seen)}`);
  return fate;
}
