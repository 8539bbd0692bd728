import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { sumUsage, type Usage } from "../../ledger/domain/usage.ts";

/** What the proxy saw of one attempt, added up request by request. */
export class AttemptTally {
  readonly #usages: Usage[] = [];
  #total = 0;
  #errors = 0;
  #refused = 0;
  #answered = 0;
  #lastStatus: number | null = null;
  #lastActivityMs: number;

  constructor(startedMs: number) {
    this.#lastActivityMs = startedMs;
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
    if (request.usage !== null) this.#usages.push(request.usage);
    this.#lastStatus = request.is_client_gone ? this.#lastStatus : request.status;
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
    };
  }

  lastActivityMs(): number {
    return this.#lastActivityMs;
  }
}

const CLIENT_ERROR = 400;

function isError({ status, is_client_gone }: ProxiedRequest): boolean {
  return !is_client_gone && status !== null && (status === 0 || status >= CLIENT_ERROR);
}
