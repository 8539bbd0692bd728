import type { Clock } from "../../../ledger/domain/clock.ts";
import type { Outcome } from "../../../ledger/domain/outcome.ts";
import type { AttemptResult } from "../windows/window-worker.ts";

const FIRST_PAUSE_MS = 1000;
/** After a minute of outage the pause is a minute, and after five it is five. */
const GROWTH = 4;
export const LONGEST_PAUSE_MS = 300_000;
/** So many answers in a row that a limit is reached stop a provider, if they do not say until when. */
const VAGUE_LIMITS_MAX = 3;
/** So many stop it if they say so, because a limit that always comes back leaves no room to work. */
const NAMED_LIMITS_MAX = 10;
/** These say nothing about the provider. */
const SILENT: ReadonlySet<Outcome> = new Set(["interrupted", "session_budget", "grader_error"]);

/** What a provider rests for, with the milliseconds that are left. */
export type Pause =
  /** Its limit resets at this time, in epoch milliseconds. */
  | { readonly cause: "reset"; readonly ms: number; readonly resetsAtMs: number }
  /** It named no reset, or it failed, at this monotonic time. */
  | { readonly cause: "limit" | "failure"; readonly ms: number; readonly sinceMs: number };

interface Failures {
  /** How many came in a row. */
  readonly count: number;
  readonly atMs: number;
  /** What the last one was. */
  readonly cause: "limit" | "failure";
}

/** Which providers of a session have failed, so that an outage or a bad key does not use up its windows. */
export class ProviderHealth {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();
  /** Answers in a row that a limit is reached, with and without a reset. */
  readonly #limits = new Map<string, { readonly named: number; readonly vague: number }>();
  /** When the limit of a provider resets, in epoch milliseconds. */
  readonly #resets = new Map<string, number>();
  readonly #stopped = new Map<string, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes how an attempt at one of the provider's windows has ended. */
  note(
    provider: string,
    {
      outcome,
      keyRefusal,
      limitResetsAtMs: resetsAtMs,
    }: Pick<AttemptResult, "outcome" | "keyRefusal" | "limitResetsAtMs">,
  ): void {
    if (keyRefusal !== undefined) this.#stopped.set(provider, keyRefusal);
    if (SILENT.has(outcome)) return;
    if (outcome === "provider_limit") return this.#noteLimit(provider, resetsAtMs ?? null);
    this.#limits.delete(provider);
    if (outcome === "infrastructure") this.#noteFailure(provider, "failure");
    else this.#failures.delete(provider);
  }

  #noteLimit(provider: string, resetsAtMs: number | null): void {
    const isNamed = resetsAtMs !== null;
    if (isNamed) this.#resets.set(provider, resetsAtMs);
    else this.#noteFailure(provider, "limit");
    const { named, vague } = this.#limits.get(provider) ?? { named: 0, vague: 0 };
    const limits = isNamed ? { named: named + 1, vague: 0 } : { named, vague: vague + 1 };
    this.#limits.set(provider, limits);
    if (limits.vague < VAGUE_LIMITS_MAX && limits.named < NAMED_LIMITS_MAX) return;
    const times = String(isNamed ? limits.named : limits.vague);
    const end = isNamed ? "." : ", and did not say until when.";
    const sentence = `The provider answered ${times} times in a row that its limit is reached (429)${end}`;
    this.#stopped.set(provider, sentence);
  }

  #noteFailure(provider: string, cause: Failures["cause"]): void {
    const count = (this.#failures.get(provider)?.count ?? 0) + 1;
    this.#failures.set(provider, { count, atMs: this.#clock.monotonicMs(), cause });
  }

  /**
   * The pause before the provider's next attempt: until its limit resets, or longer with each failure in a
   * row. Null if there is none.
   */
  pauseOf(provider: string): Pause | null {
    const resetsAtMs = this.#resets.get(provider) ?? 0;
    const untilResetMs = resetsAtMs - this.#clock.nowMs();
    if (untilResetMs > 0) return { cause: "reset", ms: untilResetMs, resetsAtMs };
    const failed = this.#failures.get(provider);
    if (failed === undefined) return null;
    const { count, atMs: sinceMs, cause } = failed;
    const pauseMs = Math.min(FIRST_PAUSE_MS * GROWTH ** (count - 1), LONGEST_PAUSE_MS);
    const ms = sinceMs + pauseMs - this.#clock.monotonicMs();
    return ms > 0 ? { cause, ms, sinceMs } : null;
  }

  /** The providers that get no further window, each with the reason. */
  get stopped(): ReadonlyMap<string, string> {
    return this.#stopped;
  }
}
