import type { Breakable } from "./attempts.ts";
import type { ProxyContext } from "./proxy-context.ts";
import {
  type ExchangeEnding,
  type ExchangeOpening,
  requestEvent,
  settlementOf,
  type Wanted,
} from "./request-event.ts";

/** How far an exchange has come. Each phase but the last one has a worker that can break it off. */
type Phase =
  /** The body, or a turn, has not come yet. */
  | { readonly at: "waiting"; readonly wanted: Wanted; readonly worker: Breakable }
  /** The upstream has the request. Only model requests have a reservation. */
  | {
      readonly at: "forwarded";
      readonly wanted: Wanted;
      readonly worker: Breakable;
      readonly reservation: string | null;
    }
  | { readonly at: "settled" };

const SETTLED: Phase = { at: "settled" };

/**
 * One request and its answer. Its workers are objects, not functions made for each exchange: with
 * such functions, finished exchanges lived until the next full collection.
 */
export class Exchange implements Breakable {
  readonly opening: ExchangeOpening;
  readonly #context: ProxyContext;
  #phase: Phase;
  /** Bytes of bodies that the exchange keeps in memory. */
  #heldBytes = 0;

  constructor(context: ProxyContext, opening: ExchangeOpening, worker: Breakable) {
    this.opening = opening;
    this.#context = context;
    const wanted = { model: null, destination: opening.attempt.own };
    this.#phase = { at: "waiting", wanted, worker };
    opening.attempt.enter(this);
  }

  get isSettled(): boolean {
    return this.#phase.at === "settled";
  }

  /** Reserves memory for a body; false if all requests together hold too much. */
  hold(bytes: number): boolean {
    if (this.isSettled || !this.#context.held.take(bytes)) return false;
    this.#heldBytes += bytes;
    return true;
  }

  wants(wanted: Wanted): void {
    if (this.#phase.at === "waiting") this.#phase = { ...this.#phase, wanted };
  }

  forwarded(wanted: Wanted, reservation: string | null, worker: Breakable): void {
    this.#phase = { at: "forwarded", wanted, reservation, worker };
  }

  breakOff(): void {
    if (this.#phase.at !== "settled") this.#phase.worker.breakOff();
  }

  /** Settles the reservation and reports the event: once for every request, however it ends. */
  settle(ending: ExchangeEnding): void {
    const phase = this.#phase;
    if (phase.at === "settled") return;
    this.#phase = SETTLED;
    const { admission, clock, held, priceOf, onRequestSettled, onDefect } = this.#context;
    held.giveBack(this.#heldBytes);
    try {
      const isForwarded = phase.at === "forwarded";
      const { wanted } = phase;
      if (isForwarded && phase.reservation !== null) {
        admission.settle(phase.reservation, settlementOf(ending, wanted));
      }
      const nowMonotonicMs = clock.monotonicMs();
      onRequestSettled(
        requestEvent(this.opening, { wanted, isForwarded, ending, nowMonotonicMs, priceOf }),
      );
    } catch (defect) {
      onDefect(defect);
    } finally {
      this.opening.attempt.leave(this);
    }
  }
}
