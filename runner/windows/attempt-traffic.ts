import type { Clock } from "../../ledger/domain/clock.ts";
import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { AttemptTally } from "./attempt-tally.ts";

/** One attempt whose requests are being watched. */
interface WatchedAttempt {
  readonly tally: AttemptTally;
  /** Called at the attempt's first refusal by a budget. */
  readonly onRefused: () => void;
}

/** Hands each settled request to the attempt that it belongs to. */
export class AttemptTraffic {
  readonly #clock: Clock;
  readonly #attempts = new Map<string, WatchedAttempt>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch(
    attempt: { readonly window: string; readonly attempt: number },
    onRefused: () => void,
    /** The provider's own; what goes to others is summed up apart. */
    upstream?: string,
  ): AttemptTally {
    const tally = new AttemptTally(this.#clock.monotonicMs(), upstream);
    this.#attempts.set(idOf(attempt), { tally, onRefused });
    return tally;
  }

  unwatch(attempt: { readonly window: string; readonly attempt: number }): void {
    this.#attempts.delete(idOf(attempt));
  }

  settled(request: ProxiedRequest): void {
    const watched = this.#attempts.get(idOf(request));
    if (watched === undefined) return;
    watched.tally.add(request, this.#clock.monotonicMs());
    if (request.refused_by !== null) watched.onRefused();
  }
}

function idOf({ window, attempt }: { readonly window: string; readonly attempt: number }): string {
  return `${window}.${String(attempt)}`;
}
