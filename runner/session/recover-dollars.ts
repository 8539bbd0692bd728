import { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import type { OpenedFact } from "../../ledger/views/experiment-fact.ts";
import { type CountedDollars, DollarTally } from "../windows/dollar-tally.ts";

type OpenedAttempt = Pick<OpenedFact, "window" | "attempt">;

/** Sums the dollars of attempts without an end from the rows of `proxy_telemetry.jsonl`. */
export function recoverDollars(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  {
    experimentId,
    opened,
  }: { readonly experimentId: string; readonly opened: readonly OpenedAttempt[] },
): (attempt: OpenedAttempt) => CountedDollars {
  const tallies = new Map(opened.map((attempt) => [keyOf(attempt), new DollarTally()]));
  for (const row of opened.length === 0 ? [] : rows) {
    if (row["record"] !== "request_proxied" || row["experiment_id"] !== experimentId) continue;
    const request = ProxiedRequest.parse(row);
    if (request.kind !== "model" || request.refused_by !== null) continue;
    tallies.get(keyOf(request))?.add(request);
  }
  return (attempt) => (tallies.get(keyOf(attempt)) ?? new DollarTally()).read();
}

function keyOf({ window, attempt }: OpenedAttempt): string {
  return `${window}.${String(attempt)}`;
}
