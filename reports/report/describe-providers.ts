import { mean, quantileSorted, sum } from "simple-statistics";

import { tokensIn } from "../../ledger/domain/token-basis.ts";
import { sumUsage } from "../../ledger/domain/usage.ts";
import type { FinalizedFact, RequestFact } from "../../ledger/views/experiment-fact.ts";
import { providerTokens } from "../../ledger/views/progress.ts";
import { sampleSpread } from "../statistics/spread.ts";
import { tInterval } from "../statistics/t-interval.ts";
import { countOutcomes, countWindows } from "./describe-run.ts";
import type { EstimateData } from "./estimate-data.ts";
import { estimateEfficiency, type Work } from "./estimate-efficiency.ts";
import { joinTouches } from "./index-touches.ts";
import type { ObservedWindow } from "./list-windows.ts";
import type { ReportContext } from "./report-context.ts";
import type { ProviderQuestion } from "./report-data.ts";
import type { ProviderFigures } from "./results-data.ts";

const PROXY_METER = "proxy";
const INTERVAL_FROM_N = 3;
const PER_TOKENS = 1e6;

export function describeProviders(context: ReportContext): readonly ProviderFigures[] {
  return context.asked.providers.map((provider) => describeProvider(context, provider));
}

function describeProvider(
  { view, asked, windows, touches }: ReportContext,
  { provider, role }: ProviderQuestion,
): ProviderFigures {
  const own = windows.filter(({ line }) => line.provider === provider);
  const valid = own.filter(({ line }) => line.state === "valid");
  const finals = valid.map(({ final }) => final).filter((final) => final !== undefined);
  const basis = asked.token_basis;
  const tokens = sum(finals.map(({ usage }) => tokensIn(basis, usage)));
  const quality = finals.map((final) => final.quality ?? 0);
  return {
    provider,
    role,
    windows: countWindows(own),
    features: new Set(finals.map(({ feature_id }) => feature_id)).size,
    outcomes: countOutcomes(own),
    tokens: tokensByClass(finals),
    tokens_valid: tokens,
    tokens_apart: Math.max(0, providerTokens(view, provider, basis) - tokens),
    cost: describeCost(finals),
    quality: { n: quality.length, ...estimateMean(quality) },
    requests: { ...countRequests(valid), touched_by: touches.ofFile("proxy_telemetry") },
    latency_ms: describeLatency(valid),
    churn: sumChurn(finals),
    capacity: { meter: PROXY_METER, used: capacityUsed(own) },
    efficiency: estimateEfficiency(
      finals.map((final) => workOf(final, tokensIn(basis, final.usage))),
      PER_TOKENS,
    ),
    touched_by: joinTouches(own.map(({ line }) => line.touched_by)),
  };
}

function workOf({ feature_id: feature, quality }: FinalizedFact, used: number): Work {
  return { feature, quality: quality ?? 0, used };
}

function tokensByClass(finals: readonly FinalizedFact[]): ProviderFigures["tokens"] {
  const usage = sumUsage(finals.map((final) => final.usage));
  return {
    input_uncached: usage.input_uncached ?? null,
    cache_read: usage.cache_read ?? null,
    cache_write_5m: usage.cache_write_5m ?? null,
    cache_write_1h: usage.cache_write_1h ?? null,
    output: usage.output ?? null,
    reasoning: usage.reasoning ?? null,
  };
}

function describeCost(finals: readonly FinalizedFact[]): ProviderFigures["cost"] {
  const amounts = finals.map(({ cost }) => cost.amount).filter((amount) => amount !== null);
  const isEmpty = amounts.length === 0;
  // What a coarse meter did not show cost something: a geometric mean with 0 would be 0.
  const hasZero = amounts.includes(0);
  return {
    n: amounts.length,
    mean: isEmpty ? null : mean(amounts),
    geometric_mean:
      isEmpty || hasZero ? null : Math.exp(mean(amounts.map((amount) => Math.log(amount)))),
    lower_bounds: finals.filter(({ cost }) => cost.is_lower_bound).length,
  };
}

/** The mean with its t interval, which is stored as it is and shown cut to 0…1. */
function estimateMean(values: readonly number[]): EstimateData {
  const n = values.length;
  const nothing = { ci95: null, p_two_sided: null, df: null };
  if (n === 0) return { value: null, ...nothing, reason: "no valid window" };
  const sd = sampleSpread(values);
  if (n < INTERVAL_FROM_N || sd === null) {
    return { value: mean(values), ...nothing, reason: `n < ${INTERVAL_FROM_N}` };
  }
  const estimate = { estimate: mean(values), se: sd / Math.sqrt(n), df: n - 1 };
  const ci95 = tInterval(estimate, 0.95);
  return { value: estimate.estimate, ci95, p_two_sided: null, df: n - 1, reason: null };
}

/** Requests of the finalized attempt that asked a model to work. */
function modelRequests({ view, final }: ObservedWindow): readonly RequestFact[] {
  const attempt = final === undefined ? undefined : view?.attempts.get(final.attempt);
  return attempt?.requests.filter(({ is_model }) => is_model) ?? [];
}

function countRequests(windows: readonly ObservedWindow[]) {
  let [total, errors, refused] = [0, 0, 0];
  for (const window of windows) {
    const requests = modelRequests(window);
    const counted = requests.length > 0 ? countFates(requests) : window.final?.requests;
    total += counted?.total ?? 0;
    errors += counted?.errors ?? 0;
    refused += counted?.refused ?? 0;
  }
  const answerable = total - refused;
  return { total, errors, refused, error_rate: answerable > 0 ? errors / answerable : null };
}

function countFates(requests: readonly RequestFact[]) {
  return {
    total: requests.length,
    errors: requests.filter(({ fate }) => fate === "failed").length,
    refused: requests.filter(({ fate }) => fate === "refused").length,
  };
}

/** Of requests that came to an end; one that its client gave up has no latency. */
function describeLatency(windows: readonly ObservedWindow[]): ProviderFigures["latency_ms"] {
  const latencies = windows
    .flatMap(modelRequests)
    .filter(({ fate }) => fate === "answered" || fate === "failed")
    .map(({ latency_ms }) => latency_ms)
    .filter((latency) => latency !== null)
    .toSorted((left, right) => left - right);
  if (latencies.length === 0) return { n: 0, p50: null, p95: null };
  const [p50, p95] = [quantileSorted(latencies, 0.5), quantileSorted(latencies, 0.95)];
  return { n: latencies.length, p50, p95 };
}

function sumChurn(finals: readonly FinalizedFact[]): ProviderFigures["churn"] {
  const churns = finals.map(({ churn }) => churn).filter((churn) => churn !== null);
  return {
    n: churns.length,
    files_changed: sum(churns.map(({ files_changed }) => files_changed)),
    insertions: sum(churns.map(({ insertions }) => insertions)),
    deletions: sum(churns.map(({ deletions }) => deletions)),
  };
}

/** One window without a proven difference leaves the sum unproven. */
function capacityUsed(windows: readonly ObservedWindow[]): number | null {
  const deltas = windows
    .flatMap(({ final }) => final?.capacity ?? [])
    .filter(({ name }) => name === PROXY_METER)
    .map(({ delta }) => delta);
  const proven = deltas.filter((delta) => delta !== null);
  return deltas.length === 0 || proven.length < deltas.length ? null : sum(proven);
}
