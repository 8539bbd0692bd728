import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";
import { LEDGER_UNREADABLE } from "../proxy/own-answer.ts";
import { DollarTally } from "./dollar-tally.ts";
import { isError } from "./is-error.ts";
import { type Prompt, promptOf, sumTraffic } from "./sum-traffic.ts";

const OWN_FAILURE = 500;

/** What the proxy saw of one attempt, added up request by request. */
export class AttemptTally {
  readonly #usages: Usage[] = [];
  readonly #prompts: Prompt[] = [];
  readonly #dollars = new DollarTally();
  /** Of requests that went elsewhere than to the provider's own upstream. */
  readonly #elsewhere = new DollarTally();
  readonly #upstream: string | undefined;
  #total = 0;
  #errors = 0;
  #refused = 0;
  #answered = 0;
  #lastStatus: number | null = null;
  #lastActivityMs: number;

  constructor(startedMs: number, upstream?: string) {
    this.#lastActivityMs = startedMs;
    this.#upstream = upstream;
  }

  /** Counts a settled request; only requests to a model count in the tally's figures. */
  add(request: ProxiedRequest, nowMs: number): void {
    this.#lastActivityMs = nowMs;
    if (request.kind !== "model") return;
    this.#total += 1;
    if (request.refused_by !== null) {
      this.#refused += 1;
      return;
    }
    const prompt = promptOf(request);
    if (prompt !== null) this.#prompts.push(prompt);
    this.#dollars.add(request);
    if (request.backend_provider !== this.#upstream) this.#elsewhere.add(request);
    if (request.usage !== null) this.#usages.push(request.usage);
    this.#lastStatus = request.is_client_gone ? this.#lastStatus : statusOf(request);
    if (request.status === 200) this.#answered += 1;
    if (isError(request)) this.#errors += 1;
  }

  /** Where the figures stand; `usage.requests` counts the requests that a model answered. */
  read() {
    return {
      usage: { ...sumUsage(this.#usages), requests: this.#answered },
      requests: { total: this.#total, errors: this.#errors, refused: this.#refused },
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

/** A failure of ours is none of the agent's, whatever its client was told. */
function statusOf({ error, status }: ProxiedRequest): number | null {
  return error === LEDGER_UNREADABLE ? OWN_FAILURE : status;
}
