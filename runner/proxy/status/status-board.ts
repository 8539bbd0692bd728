import { sumUsage, type Usage } from "../../../ledger/domain/usage.ts";
import type { RequestEvent } from "../proxy.ts";

/** How an upstream has been doing. */
export interface UpstreamHealth {
  readonly name: string;
  readonly requests: number;
  readonly errors: number;
  /** 0 for a network error; null before the first answer. */
  readonly last_status: number | null;
  /** When the last request that it answered was made. */
  readonly last_answered: string | null;
}

/** What one window's requests have added up to. */
export interface WindowUsage {
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
  readonly requests: number;
  readonly refused: number;
  readonly usage: Usage;
}

/** Windows whose figures are kept; the oldest go first. */
const WINDOWS_MAX = 1000;
const FAILED_STATUS = 400;
const BUDGET_CUT = "budget_cut";

/** Adds up what is settled, for whoever asks how things stand. */
export class StatusBoard {
  readonly #windows = new Map<string, WindowUsage>();
  readonly #upstreams = new Map<string, UpstreamHealth>();

  settled(event: RequestEvent): void {
    this.#addToWindow(event);
    if (event.backend_provider !== null) this.#addToUpstream(event.backend_provider, event);
  }

  windows(): readonly WindowUsage[] {
    return [...this.#windows.values()];
  }

  upstreams(): readonly UpstreamHealth[] {
    return [...this.#upstreams.values()];
  }

  #addToWindow({ window, attempt, provider, kind, refused_by, usage }: RequestEvent): void {
    if (kind !== "model") return;
    const key = `${window}.${String(attempt)}.${provider}`;
    const known = this.#windows.get(key);
    this.#windows.set(key, {
      window,
      attempt,
      provider,
      requests: (known?.requests ?? 0) + 1,
      refused: (known?.refused ?? 0) + (refused_by === null ? 0 : 1),
      usage: sumUsage([known?.usage, usage].filter((part) => part !== undefined && part !== null)),
    });
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > WINDOWS_MAX && oldest !== undefined) this.#windows.delete(oldest);
  }

  #addToUpstream(name: string, event: RequestEvent): void {
    const known = this.#upstreams.get(name) ?? { ...UNKNOWN, name };
    const { status, timestamp } = event;
    const hasAnswered = status !== null && status !== 0;
    this.#upstreams.set(name, {
      name,
      requests: known.requests + 1,
      errors: known.errors + (hasFailed(event) ? 1 : 0),
      last_status: status ?? known.last_status,
      last_answered: hasAnswered ? timestamp : known.last_answered,
    });
  }
}

const UNKNOWN = { requests: 0, errors: 0, last_status: null, last_answered: null };

/** That its client left, or that a budget ended the answer, says nothing about an upstream. */
function hasFailed({ status, error, is_client_gone }: RequestEvent): boolean {
  if (is_client_gone || error === BUDGET_CUT) return false;
  return status === 0 || (status ?? 0) >= FAILED_STATUS || error !== null;
}
