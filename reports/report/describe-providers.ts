import { mean, sum } from "simple-statistics";
import { z } from "zod";

import { PlanCost } from "../../ledger/domain/dollars.ts";
import {
  addCounts,
  countFates,
  errorRate,
  latenciesOf,
  type RequestFate,
} from "../../ledger/domain/request-fate.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import { sumUsage } from "../../ledger/domain/usage.ts";
import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import {
  finalAttempt,
  modelLatencies,
  providerTokens,
  requestCounts,
} from "../../ledger/views/progress.ts";
import type { AttemptView } from "../../ledger/views/window-view.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import {
  latencyFigures,
  type LatencyFigures,
  latencyWindows,
} from "../evidence/latency-figures.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import type { ProviderQuestion } from "../evidence/question.ts";
import { geometricMean } from "../statistics/core/geometric-mean.ts";
import { sampleSpread } from "../statistics/core/spread.ts";
import { tInterval } from "../statistics/core/t-inference.ts";
import { countOutcomes, countWindows } from "./describe-run.ts";
import type { DollarFigures, DollarLine, PlanLine } from "./dollar-data.ts";
import {
  type EstimateData,
  estimateEfficiency,
  INTERVAL_FROM_N,
  missingEstimate,
  TOO_FEW,
  type WindowYield,
} from "./estimate.ts";
import type { ProviderFigures } from "./provider-data.ts";
import { rateEnds } from "./rate-ends.ts";
import type { BackendTraffic, UnmeteredTraffic } from "./traffic-data.ts";

const PROXY_METER = "proxy";
const PER_TOKENS = 1e6;

export function describeProviders(evidence: Evidence): readonly ProviderFigures[] {
  return evidence.asked.providers.map((provider) => describeProvider(evidence, provider));
}

function describeProvider(
  evidence: Evidence,
  { provider, role }: ProviderQuestion,
): ProviderFigures {
  const { view, asked, windows, affected } = evidence;
  const own = windows.filter(({ line }) => line.provider === provider);
  const valid = own.filter(({ line }) => line.state === "valid");
  const finals = valid.map(({ final }) => final).filter((final) => final !== undefined);
  const basis = asked.token_basis;
  const tokens = sum(finals.map(({ usage }) => tokensIn(basis, usage)));
  const compared = latencyWindows(evidence, provider) ?? [];
  const latencies = (asked.baseline === null ? [{ windows: valid }] : compared).map((set) =>
    latencyFigures(set.windows.flatMap(modelLatencies)),
  );
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
    requests: { ...countRequests(valid), touched_by: affected.ofFile("proxy_telemetry") },
    latency_ms: sharedValue(latencies) ?? NO_LATENCY,
    churn: sumChurn(finals),
    capacity: { meter: PROXY_METER, used: capacityUsed(own) },
    efficiency: estimateEfficiency(
      finals.map((final) => workOf(final, tokensIn(basis, final.usage))),
      PER_TOKENS,
    ),
    touched_by: joinNumbers(own.map(({ line }) => line.touched_by)),
    latency_by_candidate: compared.map(({ candidate }, index) => ({
      candidate,
      ...(latencies[index] ?? NO_LATENCY),
    })),
    ends: rateEnds(own),
  };
}

const NO_LATENCY: LatencyFigures = { n: 0, p50: null, p95: null };

/** What all of them are; undefined if they differ. */
function sharedValue<T>(values: readonly T[]): T | undefined {
  const [first] = values;
  return new Set(values.map((value) => JSON.stringify(value))).size === 1 ? first : undefined;
}

function workOf({ feature_id: feature, quality }: FinalizedFact, used: number): WindowYield {
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
  return {
    n: amounts.length,
    mean: amounts.length === 0 ? null : mean(amounts),
    geometric_mean: geometricMean(amounts),
    lower_bounds: finals.filter(({ cost }) => cost.is_lower_bound).length,
  };
}

/** The mean with its t interval, which is stored uncut and shown cut to 0…1. */
function estimateMean(values: readonly number[]): EstimateData {
  const n = values.length;
  if (n === 0) return missingEstimate("no valid window");
  const sd = sampleSpread(values);
  const estimate = mean(values);
  if (n < INTERVAL_FROM_N || sd === null) return missingEstimate(TOO_FEW, estimate);
  const df = n - 1;
  const ci95 = tInterval({ estimate, se: sd / Math.sqrt(n), df }, 0.95);
  return { value: estimate, ci95, p_two_sided: null, df, reason: null };
}

function countRequests(windows: readonly ObservedWindow[]) {
  const counts = addCounts(windows.map(requestCounts));
  const { total, errors, refused } = counts;
  return { total, errors, refused, error_rate: errorRate(counts) };
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

/** If any window's delta is unknown, the sum is unknown. */
function capacityUsed(windows: readonly ObservedWindow[]): number | null {
  const deltas = windows
    .flatMap(({ final }) => final?.capacity ?? [])
    .filter(({ name }) => name === PROXY_METER)
    .map(({ delta }) => delta);
  const proven = deltas.filter((delta) => delta !== null);
  return deltas.length === 0 || proven.length < deltas.length ? null : sum(proven);
}

const PERCENT = 100;

/**
 * Prompts by provider and backend, of every attempt. A routed request is not an error. A request that
 * our own budget refused reached no backend and is excluded. Latencies are of the compared windows.
 */
export function describeTraffic(evidence: Evidence): readonly BackendTraffic[] {
  const prompts = tallyPrompts(evidence);
  return groupSorted(prompts, ({ provider }) => provider).flatMap(([provider, own]) => {
    const all = sum(own.map(({ fates }) => fates.length));
    return groupSorted(own, ({ backend }) => backend).flatMap(([backend, [tally]]) => {
      if (tally === undefined) return [];
      const { p50, p95 } = latencyFigures(tally.latenciesMs);
      return {
        provider,
        backend,
        prompts: tally.fates.length,
        routed_pct: (PERCENT * tally.fates.length) / all,
        p50,
        p95,
        error_rate: errorRate(countFates(tally.fates)),
        subagent_prompts: tally.subagentPrompts,
      };
    });
  });
}

interface PromptTally {
  readonly provider: string;
  readonly backend: string;
  readonly fates: RequestFate[];
  readonly latenciesMs: number[];
  subagentPrompts: number;
}

/** Takes one attempt after another, because all requests at once would fill the memory. */
function tallyPrompts(evidence: Evidence): readonly PromptTally[] {
  const tallies: PromptTally[] = [];
  const timed = new Map(
    evidence.asked.providers.map(({ provider }) => [provider, timedAttempts(evidence, provider)]),
  );
  for (const attempt of attemptsIn(evidence.view)) {
    const prompts = attempt.requests.filter(
      ({ is_model: isModel, fate, backend }) => isModel && fate !== "refused" && backend !== null,
    );
    for (const [backend, own] of Map.groupBy(prompts, (request) => request.backend)) {
      const provider = own[0]?.provider;
      if (provider === undefined || backend === null) continue;
      const isTimed = timed.get(provider)?.has(attempt) ?? true;
      const tally = tallyOf(tallies, { provider, backend });
      tally.fates.push(...own.map(({ fate }) => fate));
      tally.subagentPrompts += own.filter((request) => request.is_subagent).length;
      if (isTimed) tally.latenciesMs.push(...latenciesOf(own));
    }
  }
  return tallies;
}

function tallyOf(
  tallies: PromptTally[],
  { provider, backend }: Pick<PromptTally, "provider" | "backend">,
): PromptTally {
  const known = tallies.find((one) => one.provider === provider && one.backend === backend);
  if (known !== undefined) return known;
  const tally = { provider, backend, fates: [], latenciesMs: [], subagentPrompts: 0 };
  tallies.push(tally);
  return tally;
}

/** The attempts whose latencies count; undefined if nothing is compared yet. */
function timedAttempts(evidence: Evidence, provider: string): ReadonlySet<AttemptView> | undefined {
  const sets = (latencyWindows(evidence, provider) ?? []).map(({ windows }) =>
    windows.filter((window) => modelLatencies(window).length > 0),
  );
  if (sets.every((windows) => windows.length === 0)) return undefined;
  const [first = []] = sets;
  const isShared = sets.every(
    (own) => own.length === first.length && own.every((one, place) => one === first[place]),
  );
  return new Set(isShared ? first.flatMap((window) => finalAttempt(window) ?? []) : []);
}

/** The requests that nothing could count, of every attempt. */
export function countUnmetered(view: ExperimentView): readonly UnmeteredTraffic[] {
  const unmetered = attemptsIn(view).flatMap(({ requests }) =>
    requests.filter(({ is_unmetered: isUnmetered }) => isUnmetered),
  );
  return groupSorted(unmetered, ({ provider }) => provider).map(([provider, own]) => {
    const passed = sum(own.map(({ backend, count }) => (backend === null ? 0 : count)));
    return { provider, passed, refused: sum(own.map(({ count }) => count)) - passed };
  });
}

function attemptsIn(view: ExperimentView): readonly AttemptView[] {
  return [...view.windows.values()].flatMap(({ attempts }) => [...attempts.values()]);
}

/** The cost of windows in dollars, whatever measure is compared, and what is unknown of it. */
export function describeDollars({ windows, settings }: Evidence): DollarFigures {
  const finals = windows.flatMap(({ final }) => final ?? []);
  return {
    prices: settings.prices,
    unpriced: listUnpriced(finals),
    untold: sum(finals.map(({ dollars }) => dollars?.untold ?? 0)),
    windows: finals.flatMap(describeLine),
  };
}

function listUnpriced(finals: readonly FinalizedFact[]): DollarFigures["unpriced"] {
  const named = finals.flatMap(({ provider, dollars }) =>
    (dollars?.unpriced ?? []).map((model) => ({ model, provider })),
  );
  return groupSorted(named, ({ provider, model }) => `${provider}\n${model}`).flatMap(
    ([, own]) => own[0] ?? [],
  );
}

function describeLine({ window, provider, dollars }: FinalizedFact): readonly DollarLine[] {
  if (dollars === undefined) return [];
  const { amount, known, reported } = dollars;
  const isComparable = amount !== null && amount > 0 && reported !== null;
  const divergence = isComparable ? reported / amount - 1 : null;
  const plan = dollars.plan === undefined ? null : describePlan(dollars.plan, amount);
  return [{ window, provider, amount, known, reported, divergence, plan }];
}

/** A later version may write more fields. */
const PaidPlan = z.object(PlanCost.def.innerType.shape);

function describePlan(paid: PlanCost, listed: number | null): PlanLine {
  const { amount } = paid;
  const isComparable = amount !== null && amount > 0 && listed !== null;
  return { ...PaidPlan.parse(paid), list_divergence: isComparable ? listed / amount - 1 : null };
}
