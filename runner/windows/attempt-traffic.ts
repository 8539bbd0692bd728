import type { Clock } from "../../ledger/domain/clock.ts";
import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { countFates, type RequestFate, requestFate } from "../../ledger/domain/request-fate.ts";
import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import { LEDGER_UNREADABLE } from "../proxy/own-answer.ts";
import { DollarTally } from "./dollar-tally.ts";
import { type Prompt, promptOf, sumTraffic } from "./sum-traffic.ts";

const OWN_FAILURE = 500;

type AttemptName = Pick<ProxiedRequest, "window" | "attempt">;

interface WatchedAttempt {
  readonly tally: AttemptTally;
  /** Called at the attempt's first refusal by a budget. */
  readonly onRefused: () => void;
}

/** Adds each settled request to the tally of its attempt. */
export class AttemptTraffic {
  readonly #clock: Clock;
  readonly #attempts = new Map<string, WatchedAttempt>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch(
    attempt: AttemptName,
    onRefused: () => void,
    /** The provider's own upstream; requests to others are summed up separately. */
    upstream?: string,
  ): AttemptTally {
    const tally = new AttemptTally(this.#clock.monotonicMs(), upstream);
    this.#attempts.set(idOf(attempt), { tally, onRefused });
    return tally;
  }

  unwatch(attempt: AttemptName): void {
    this.#attempts.delete(idOf(attempt));
  }

  settled(request: ProxiedRequest): void {
    const watched = this.#attempts.get(idOf(request));
    if (watched === undefined) return;
    watched.tally.add(request, this.#clock.monotonicMs());
    if (request.refused_by !== null) watched.onRefused();
  }
}

/** Adds up the requests of one attempt as the proxy settles them. */
export class AttemptTally {
  readonly #usages: Usage[] = [];
  readonly #prompts: Prompt[] = [];
  readonly #dollars = new DollarTally();
  /** The requests that went to another upstream than the provider's own. */
  readonly #elsewhere = new DollarTally();
  readonly #upstream: string | undefined;
  readonly #fates: RequestFate[] = [];
  #answered = 0;
  #lastStatus: number | null = null;
  #lastActivityMs: number;

  constructor(startedMs: number, upstream?: string) {
    this.#lastActivityMs = startedMs;
    this.#upstream = upstream;
  }

  /** Counts a settled request. Only requests to a model enter the figures. */
  add(request: ProxiedRequest, nowMs: number): void {
    this.#lastActivityMs = nowMs;
    if (request.kind !== "model") return;
    const fate = requestFate(request);
    this.#fates.push(fate);
    if (fate === "refused") return;
    const prompt = promptOf(request);
    if (prompt !== null) this.#prompts.push(prompt);
    this.#dollars.add(request);
    if (request.backend_provider !== this.#upstream) this.#elsewhere.add(request);
    if (request.usage !== null) this.#usages.push(request.usage);
    this.#lastStatus = request.is_client_gone ? this.#lastStatus : statusOf(request);
    if (request.status === 200) this.#answered += 1;
  }

  /** The figures so far. `usage.requests` counts the requests that a model answered. */
  read() {
    return {
      usage: { ...sumUsage(this.#usages), requests: this.#answered },
      requests: countFates(this.#fates),
      answered: this.#answered,
      lastStatus: this.#lastStatus,
      traffic: sumTraffic(this.#prompts),
      dollars: this.#dollars.read(),
      dollarsElsewhere: this.#elsewhere.read().amount,
    };
  }

  lastActivityMs(): number {
    return this.#lastActivityMs;
  }
}

/** A failure of ours is not the agent's, whatever status its client got. */
function statusOf({ error, status }: ProxiedRequest): number | null {
  return error === LEDGER_UNREADABLE ? OWN_FAILURE : status;
}

function idOf({ window, attempt }: AttemptName): string {
  return `${window}.${String(attempt)}`;
}
