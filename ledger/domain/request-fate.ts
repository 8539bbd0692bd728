import type { ProxiedRequest } from "./proxied-request.ts";

/** `error` of an answer that a spent budget of ours ended before its end. */
export const BUDGET_CUT = "budget_cut";
/** `error` of a request that the proxy itself ended, because its attempt was over. */
export const BROKEN_OFF = "broken_off";
const OWN_ENDINGS: ReadonlySet<string | null> = new Set([BUDGET_CUT, BROKEN_OFF]);
const CLIENT_ERROR = 400;

/**
 * How one request ended, seen from the provider that served it. `abandoned` covers a request that the
 * client left, that our own budget cut, or that the proxy broke off, before its answer ended.
 */
export type RequestFate = "answered" | "failed" | "refused" | "abandoned";

type Ending = Pick<ProxiedRequest, "refused_by" | "status" | "is_client_gone" | "error">;

/**
 * Decides whether a request failed, for the window's row, its rollup, stop rules, reports and gates. A
 * request fails by an error status, by a network error (status 0), by an answer that breaks off and by
 * an error event in its stream. An error status counts even if the client left after it.
 */
export function requestFate(row: Ending): RequestFate {
  if (row.refused_by !== null) return "refused";
  if (row.status === 0 || (row.status ?? 0) >= CLIENT_ERROR) return "failed";
  if (row.is_client_gone || OWN_ENDINGS.has(row.error)) return "abandoned";
  // An answer that breaks off always has an error.
  if (row.error !== null) return "failed";
  return row.status === null ? "abandoned" : "answered";
}

/** Requests of an attempt by their fates, as a window's row states them. */
export interface RequestCounts {
  /** All requests, whatever their fate. */
  readonly total: number;
  /** Failed requests. */
  readonly errors: number;
  readonly refused: number;
  /** Absent in rows before schema 1.1, which counts them as ended. */
  readonly abandoned?: number | undefined;
}

export function countFates(fates: readonly RequestFate[]): Required<RequestCounts> {
  return countRequests(fates.map((fate) => ({ fate, count: 1 })));
}

/** The same for rows, some of which count several requests. */
export function countRequests(
  rows: readonly { readonly fate: RequestFate; readonly count: number }[],
): Required<RequestCounts> {
  const counts = { answered: 0, failed: 0, refused: 0, abandoned: 0 };
  for (const { fate, count } of rows) counts[fate] += count;
  const { answered, failed, refused, abandoned } = counts;
  return { total: answered + failed + refused + abandoned, errors: failed, refused, abandoned };
}

export function addCounts(all: readonly RequestCounts[]): Required<RequestCounts> {
  const sum = (of: (counts: RequestCounts) => number) =>
    all.reduce((total, counts) => total + of(counts), 0);
  return {
    total: sum(({ total }) => total),
    errors: sum(({ errors }) => errors),
    refused: sum(({ refused }) => refused),
    abandoned: sum(({ abandoned = 0 }) => abandoned),
  };
}

/** Whether a request counts in an error rate and has a latency. */
export function hasEnded(fate: RequestFate): boolean {
  return fate === "answered" || fate === "failed";
}

interface Timed {
  readonly fate: RequestFate;
  readonly latency_ms: number | null;
}

/** Latencies of requests that were answered or failed, milliseconds; an abandoned request has none. */
export function latenciesOf(requests: readonly Timed[]): readonly number[] {
  return requests.flatMap(({ fate, latency_ms }) => (hasEnded(fate) ? (latency_ms ?? []) : []));
}

/** Requests that were answered or failed: the denominator of every error rate. */
export function countEnded({ total, refused, abandoned = 0 }: RequestCounts): number {
  return total - refused - abandoned;
}

/** Failed requests over those that were answered or failed, 0…1; null without any. */
export function errorRate(counts: RequestCounts): number | null {
  const ended = countEnded(counts);
  return ended > 0 ? counts.errors / ended : null;
}
