import { sum } from "simple-statistics";

import type { UnstatedUsage } from "../../../ledger/domain/anomaly.ts";
import type { Billing } from "../../../ledger/domain/billing.ts";
import type { Clock } from "../../../ledger/domain/clock.ts";
import type { DollarCost } from "../../../ledger/domain/dollars.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import {
  countFates,
  countRequests,
  errorRate,
  latenciesOf,
  type RequestFate,
  requestFate,
} from "../../../ledger/domain/request-fate.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { TrafficFigures } from "../../../ledger/domain/traffic-summed.ts";
import { sumUsage, type Usage } from "../../../ledger/domain/usage.ts";
import { typeSevenQuantile } from "../../../reports/statistics/core/quantile.ts";
import { attemptId, type TurnId, turnId } from "../budgets/budget-attempt.ts";
import { CREDIT_TOO_LOW } from "../proxy/dialects/anthropic-messages.ts";
import { LEDGER_UNREADABLE } from "../proxy/own-answer.ts";
import { AskedModels, type NamedModels, type UnknownModel } from "./asked-models.ts";
import { isProvidersFault } from "./providers-fault.ts";

const OWN_FAILURE = 500;

interface WatchedAttempt {
  readonly tally: TrafficTally;
  /** Called at the attempt's first refusal by a budget. */
  readonly onRefused: () => void;
}

/** The provider that an attempt works for. */
export interface TalliedProvider extends NamedModels {
  /** Its own upstream; requests to others are summed up separately. */
  readonly upstream?: string;
}

/** Adds each settled request to the tally of its attempt. */
export class AttemptTraffic {
  readonly #clock: Clock;
  readonly #attempts = new Map<string, WatchedAttempt>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch(attempt: TurnId, onRefused: () => void, provider: TalliedProvider): TrafficTally {
    const tally = new TrafficTally(this.#clock.monotonicMs(), provider);
    this.#attempts.set(turnId(attempt), { tally, onRefused });
    return tally;
  }

  unwatch(attempt: TurnId): void {
    this.#attempts.delete(turnId(attempt));
  }

  /** A request of a team counts for the role's turn and for the whole attempt. */
  settled(request: ProxiedRequest): void {
    for (const id of new Set([turnId(request), attemptId(request)])) {
      const watched = this.#attempts.get(id);
      watched?.tally.add(request, this.#clock.monotonicMs());
      if (request.refused_by !== null) watched?.onRefused();
    }
  }
}

/** Adds up the requests of one attempt as the proxy settles them. */
export class TrafficTally {
  readonly #usages: Usage[] = [];
  /** The usages of the main agent alone. */
  readonly #mainUsages: Usage[] = [];
  readonly #prompts: Prompt[] = [];
  /** Why the counts of the first such answer can't be right. */
  #usageFault: string | undefined;
  /** Answers that did not state all of their usage, and what they took by estimate. */
  #unstated: UnstatedUsage = { requests: 0, estimated: 0 };
  readonly #dollars = new DollarTally();
  /** The requests that went to another upstream than the provider's own. */
  readonly #elsewhere = new DollarTally();
  readonly #upstream: string | undefined;
  /** The answers after which background work went on whose usage no later answer has stated. */
  readonly #running = new Map<string, ProxiedRequest>();
  readonly #counts = new Map<RequestFate, number>();
  /** Answers with status 200: a model has worked for them, even for those that broke off. */
  #begun = 0;
  #answered = 0;
  #lastStatus: number | null = null;
  #lastError: string | null = null;
  /** How many requests the provider has failed since the last that it did not. */
  #faultsInRow = 0;
  #isCreditSpent = false;
  /** When the unbroken row of refusals began that the last answers are. */
  #refusedSince: ProviderRefusal | null = null;
  readonly #models: AskedModels;
  #lastActivityMs: number;

  constructor(startedMs: number, provider: TalliedProvider = {}) {
    this.#lastActivityMs = startedMs;
    this.#upstream = provider.upstream;
    this.#models = new AskedModels(provider);
  }

  /** Counts a settled request. Only requests to a model enter the figures, with what leaves them open. */
  add(request: ProxiedRequest, nowMs: number): void {
    this.#lastActivityMs = nowMs;
    // Nothing can count it, so the cost is a lower bound.
    if (request.kind === "unmetered") this.#addUsage(request);
    if (request.kind !== "model") return;
    const fate = requestFate(request);
    this.#counts.set(fate, (this.#counts.get(fate) ?? 0) + 1);
    if (fate === "refused") return;
    const prompt = promptOf(request);
    if (prompt !== null) this.#prompts.push(prompt);
    this.#usageFault ??= request.usage_fault;
    this.#addUsage(request);
    if (!saysNothing(request)) {
      this.#lastError = fate === "failed" ? request.error : null;
      this.#noteStatus(request, nowMs);
      this.#models.note(request, nowMs);
    }
    if (request.status !== 200) return;
    this.#begun += 1;
    // The client left some others early, or a budget of ours cut them: they are answers too.
    if (fate !== "failed") this.#answered += 1;
  }

  #addUsage(request: ProxiedRequest): void {
    const { usage, subagent_id, backend_provider, background_id: work } = request;
    if (work !== undefined && usage === null) return void this.#running.set(work, request);
    if (work !== undefined) this.#running.delete(work);
    if (leavesUsageOpen(request)) this.#unstated = withUnstated(this.#unstated, request);
    this.#dollars.add(request);
    if (backend_provider !== this.#upstream) this.#elsewhere.add(request);
    if (usage === null) return;
    this.#usages.push(usage);
    if (subagent_id === null) this.#mainUsages.push(usage);
  }

  #noteStatus(request: ProxiedRequest, nowMs: number): void {
    const lastStatus = statusOf(request);
    this.#lastStatus = lastStatus;
    const isFault = isProvidersFault({ lastStatus, lastError: this.#lastError });
    this.#faultsInRow = isFault ? this.#faultsInRow + 1 : 0;
    this.#isCreditSpent = isCreditSpent(request);
    const cause = refusalCause(lastStatus, this.#answered);
    const isSame = cause !== null && this.#refusedSince?.cause === cause;
    if (!isSame) this.#refusedSince = cause === null ? null : { cause, sinceMs: nowMs };
  }

  /** Since when the provider has refused what every attempt needs; null if it does not. */
  refusedSince(): ProviderRefusal | null {
    const unknown = this.unknownModel();
    if (unknown?.isNamed !== true) return this.#refusedSince;
    return { cause: "model", sinceMs: unknown.sinceMs };
  }

  unknownModel(): UnknownModel | null {
    return this.#models.unknown();
  }

  /** The figures so far. `usage.requests` also counts answers that broke off, because they are billed. */
  read() {
    const running = [...this.#running.values()];
    const elsewhere = running.filter((one) => one.backend_provider !== this.#upstream);
    return {
      usage: { ...sumUsage(this.#usages), requests: this.#begun },
      mainUsage: sumUsage(this.#mainUsages),
      usageFault: this.#usageFault,
      unstated: running.reduce(withUnstated, this.#unstated),
      requests: countRequests([...this.#counts].map(([fate, count]) => ({ fate, count }))),
      answered: this.#answered,
      lastStatus: this.#lastStatus,
      lastError: this.#lastError,
      faultsInRow: this.#faultsInRow,
      unknownModel: this.unknownModel(),
      isCreditSpent: this.#isCreditSpent,
      traffic: sumTraffic(this.#prompts),
      dollars: this.#dollars.read(running.length),
      dollarsElsewhere: this.#elsewhere.read(elsewhere.length).amount,
    };
  }

  lastActivityMs(): number {
    return this.#lastActivityMs;
  }
}

/**
 * Whether an answer did not state all of its usage. An error costs nothing. A connection that broke after the
 * request was sent may have cost its prompt.
 */
function leavesUsageOpen({
  status,
  usage,
  prompt_tokens_estimate: prompt,
}: Pick<ProxiedRequest, "status" | "usage" | "prompt_tokens_estimate">): boolean {
  if (status === 0) return prompt !== undefined;
  if (usage !== null) return usage.output === undefined || usage.input_uncached === undefined;
  return status !== null && status >= OK && status < REDIRECTED;
}

function withUnstated(
  { requests, estimated }: UnstatedUsage,
  { prompt_tokens_estimate: prompt, completion_tokens_estimate: completion }: ProxiedRequest,
): UnstatedUsage {
  return { requests: requests + 1, estimated: estimated + (prompt ?? 0) + (completion ?? 0) };
}

interface ProviderRefusal {
  readonly cause: "key" | "limit" | "model";
  /** Monotonic milliseconds. */
  readonly sinceMs: number;
}

const OK = 200;
const REDIRECTED = 300;
const UNAUTHORIZED = 401;
const PAYMENT_REQUIRED = 402;
const FORBIDDEN = 403;
const TOO_MANY_REQUESTS = 429;

/** A key that is refused after answers may be a matter of one request, such as another model. */
function refusalCause(status: number | null, answered: number): ProviderRefusal["cause"] | null {
  if (status === TOO_MANY_REQUESTS) return "limit";
  const isKeyRefused = status === UNAUTHORIZED || status === FORBIDDEN;
  return isKeyRefused && answered === 0 ? "key" : null;
}

/** The errors by which vendors say that the account has no money left. */
const CREDIT_ERRORS: ReadonlySet<string> = new Set([
  CREDIT_TOO_LOW,
  "billing_error",
  "billing_hard_limit_reached",
  "insufficient_quota",
]);

function isCreditSpent({ status, error }: ProxiedRequest): boolean {
  return status === PAYMENT_REQUIRED || (error !== null && CREDIT_ERRORS.has(error));
}

/** Whether a request's status says nothing about the provider: the client left, or the proxy turned it away. */
function saysNothing(request: ProxiedRequest): boolean {
  const isOurs = request.backend_provider === null;
  return request.is_client_gone || (isOurs && (statusOf(request) ?? 0) < OWN_FAILURE);
}

/** A failure of ours is not the agent's, whatever status its client got. */
function statusOf({ error, status }: ProxiedRequest): number | null {
  return error === LEDGER_UNREADABLE ? OWN_FAILURE : status;
}

/** The fields that the sum needs, so that a long attempt does not keep its rows in memory. */
export type Prompt = Pick<
  ProxiedRequest,
  "backend_provider" | "status" | "latency_ms" | "usage"
> & {
  readonly fate: RequestFate;
};

const PERCENT = 100;
const TENTHS = 10;

/** A request as a prompt; null if it was refused, or if the proxy answered it itself. */
export function promptOf(request: ProxiedRequest): Prompt | null {
  const { kind, backend_provider, status, latency_ms, usage } = request;
  const fate = requestFate(request);
  if (kind !== "model" || fate === "refused" || backend_provider === null) return null;
  return { backend_provider, status, latency_ms, usage, fate };
}

/** Sums up the requests of one attempt that reached a model. */
export function sumTraffic(prompts: readonly Prompt[]): TrafficFigures {
  const total = prompts.length;
  const latencies = latenciesOf(prompts);
  return {
    total_prompts: total,
    total_tokens: sum(prompts.map(({ usage }) => (usage === null ? 0 : tokensIn("all", usage)))),
    routed_pct: routedPercent(prompts),
    error_rate: errorRate(countFates(prompts.map(({ fate }) => fate))),
    mean_latency_ms: latencies.length === 0 ? null : tenths(sum(latencies) / latencies.length),
    p50: quantileInTenths(latencies, 0.5),
    p95: quantileInTenths(latencies, 0.95),
  };
}

function routedPercent(prompts: readonly Prompt[]): Readonly<Record<string, number>> {
  const byBackend = Map.groupBy(prompts, ({ backend_provider: backend }) => backend);
  const shares: Record<string, number> = {};
  for (const [backend, routed] of byBackend) {
    if (backend !== null) shares[backend] = tenths((routed.length / prompts.length) * PERCENT);
  }
  return shares;
}

function quantileInTenths(values: readonly number[], share: number): number | null {
  const quantile = typeSevenQuantile(values, share);
  return quantile === null ? null : tenths(quantile);
}

function tenths(value: number): number {
  return Math.round(value * TENTHS) / TENTHS;
}

/** The fields that determine a request's price; only requests that reached a model have one. */
export type PricedRequest = Pick<
  ProxiedRequest,
  "status" | "model" | "usage" | "cost_usd" | "prompt_tokens_estimate"
>;

/** Our own sum; the agent's sum is in its capture. */
export type CountedDollars = Pick<DollarCost, "amount" | "known" | "unpriced" | "untold">;

const NO_NAME = "(a model without a name)";

/** The tier and the region are named, because the model may have a price without them. */
function nameWithTerms(model: string | null, { tier, region }: Billing = {}): string {
  const terms = [tier, region].filter((term) => term !== undefined).join(", ");
  return terms === "" ? (model ?? NO_NAME) : `${model ?? NO_NAME} (${terms})`;
}

/** Ten decimal places, like each request. */
const ROUNDING = 1e10;

/** Adds up the cost of requests and counts those whose cost is unknown. */
export class DollarTally {
  readonly #unpriced = new Set<string>();
  #known = 0;
  #untold = 0;

  add(request: PricedRequest): void {
    const { model, usage, cost_usd: dollars } = request;
    if (dollars !== null) {
      this.#known += dollars;
    } else if (leavesUsageOpen(request)) {
      this.#untold += 1;
    } else if (usage !== null) {
      this.#unpriced.add(nameWithTerms(model, usage.billing));
    }
  }

  /** @param more requests whose cost is unknown so far. */
  read(more = 0): CountedDollars {
    const untold = this.#untold + more;
    const known = Math.round(this.#known * ROUNDING) / ROUNDING;
    const unpriced = [...this.#unpriced].toSorted();
    const isKnown = unpriced.length === 0 && untold === 0;
    return { amount: isKnown ? known : null, known, unpriced, untold };
  }
}
