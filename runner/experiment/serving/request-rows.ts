import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { attemptId } from "../../gateway/budgets/budget-attempt.ts";

/** An agent that is refused tries again a few times. If it never stops, it must not fill the ledger. */
export const UNSENT_ROWS_MAX = 100;

/** Requests that ended alike, and have no row yet. */
interface Counted {
  readonly last: ProxiedRequest;
  readonly count: number;
}

/** The requests of one attempt that the proxy did not send on. */
interface Unsent {
  /** Those that have a row, or are counted in one. */
  recorded: number;
  /** Those that are only counted so far. */
  waiting: number;
  readonly counted: Map<string, Counted>;
}

/**
 * Writes a row for each request that was sent on, and for an attempt's first requests that were not. Later ones
 * that end alike share a row. Shared rows are written when their requests are as many as all recorded before, so
 * that there are few of them and a crash loses at most half.
 */
export class RequestRows {
  readonly #write: (row: ProxiedRequest) => void;
  readonly #attempts = new Map<string, Unsent>();

  constructor(write: (row: ProxiedRequest) => void) {
    this.#write = write;
  }

  add(request: ProxiedRequest): void {
    if (request.backend_provider !== null) return this.#write(request);
    const attempt = this.#attemptOf(request);
    if (attempt.recorded < UNSENT_ROWS_MAX) {
      attempt.recorded += 1;
      return this.#write(request);
    }
    const key = endingOf(request);
    const count = (attempt.counted.get(key)?.count ?? 0) + 1;
    attempt.counted.set(key, { last: request, count });
    attempt.waiting += 1;
    if (attempt.waiting >= attempt.recorded) this.#writeCounted(attempt);
  }

  /** Writes what is counted and has no row yet. */
  flush(): void {
    for (const attempt of this.#attempts.values()) this.#writeCounted(attempt);
  }

  #writeCounted(attempt: Unsent): void {
    for (const { last, count } of attempt.counted.values()) {
      this.#write({ ...last, request_count: count });
    }
    attempt.recorded += attempt.waiting;
    attempt.waiting = 0;
    attempt.counted.clear();
  }

  #attemptOf(request: ProxiedRequest): Unsent {
    const id = attemptId(request);
    const known = this.#attempts.get(id) ?? { recorded: 0, waiting: 0, counted: new Map() };
    this.#attempts.set(id, known);
    return known;
  }
}

/** Our own budgets and answers make these texts, so that there are few. */
function endingOf({ kind, refused_by, error, status, turn, is_client_gone }: ProxiedRequest) {
  return JSON.stringify([kind, refused_by, error, status, turn, is_client_gone]);
}
