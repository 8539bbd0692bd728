import type { Clock } from "../../ledger/domain/clock.ts";
import type { Outcome } from "../../ledger/domain/outcome.ts";
import type { AttemptResult } from "../windows/window-worker.ts";

const FIRST_PAUSE_MS = 1000;
/** After a minute of outage the pause is a minute, and after five it is five. */
const GROWTH = 4;
export const LONGEST_PAUSE_MS = 300_000;
const FAILED: ReadonlySet<Outcome> = new Set(["infrastructure", "provider_limit"]);
/** These say nothing about the provider. */
const SILENT: ReadonlySet<Outcome> = new Set(["interrupted", "session_budget", "grader_error"]);

/** Which providers of a session have failed, so that an outage or a bad key does not use up its windows. */
export class ProviderHealth {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #failures = new Map<string, { readonly count: number; readonly atMs: number }>();
  readonly #stopped = new Map<string, string>();

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Notes how an attempt at one of the provider's windows has ended. */
  note(
    provider: string,
    { outcome, reason, isKeyRefused }: Pick<AttemptResult, "outcome" | "reason" | "isKeyRefused">,
  ): void {
    if (isKeyRefused === true) this.#stopped.set(provider, reason ?? outcome);
    const count = (this.#failures.get(provider)?.count ?? 0) + 1;
    if (FAILED.has(outcome)) {
      this.#failures.set(provider, { count, atMs: this.#clock.monotonicMs() });
    } else if (!SILENT.has(outcome)) this.#failures.delete(provider);
  }

  /** The time until the provider's next attempt, milliseconds. It grows with each failure in a row. */
  pauseMs(provider: string): number {
    const failed = this.#failures.get(provider);
    if (failed === undefined) return 0;
    const pauseMs = Math.min(FIRST_PAUSE_MS * GROWTH ** (failed.count - 1), LONGEST_PAUSE_MS);
    return Math.max(0, failed.atMs + pauseMs - this.#clock.monotonicMs());
  }

  /** The providers that get no further window, each with the reason. */
  get stopped(): ReadonlyMap<string, string> {
    return this.#stopped;
  }
}
