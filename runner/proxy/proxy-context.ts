import type { Clock } from "../../ledger/domain/clock.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { Admission } from "./admission.ts";
import type { Attempt } from "./attempts.ts";
import { type Exchange, type ExchangeEnding, settlementOf } from "./exchange.ts";
import type { HeldBytes } from "./held-bytes.ts";
import type { InterceptedKeys } from "./mitm/intercept.ts";
import type { RequestEvent } from "./proxy.ts";
import { requestEvent } from "./request-event.ts";
import type { Pace } from "./routes/pace.ts";
import type { Recorder } from "./tape/record.ts";
import type { UpstreamPools } from "./upstream-pools.ts";
import type { YoungBuffers } from "./young-buffers.ts";

/** Dollars of a request that was made at a moment (epoch ms); null: unknown, which is not zero. */
export type PriceOf = (model: string | null, usage: Usage, atMs: number) => number | null;

/** What every request of a proxy shares. */
export interface ProxyContext {
  readonly clock: Clock;
  readonly admission: Admission;
  readonly onRequestSettled: (event: RequestEvent) => void;
  readonly priceOf: PriceOf;
  readonly randomId: () => string;
  readonly attempts: ReadonlyMap<string, Attempt>;
  /** Keys of connections that came through CONNECT. */
  readonly interceptedKeys: InterceptedKeys;
  readonly pools: UpstreamPools;
  readonly pace: Pace;
  readonly youngBuffers: YoungBuffers;
  /** Keeps what passes; null where nobody asked for it. */
  readonly recorder: Recorder | null;
  readonly bodyBytesMax: number;
  readonly held: HeldBytes;
  readonly drainMs: number;
  /** Takes what should never have been thrown; the first one comes out of `stop`. */
  readonly onDefect: (defect: unknown) => void;
}

/** Settles the reservation and reports the event: once for every request, however it ends. */
export function settleExchange(
  context: ProxyContext,
  exchange: Exchange,
  ending: ExchangeEnding,
): void {
  if (exchange.isSettled) return;
  exchange.isSettled = true;
  context.held.giveBack(exchange.heldBytes);
  exchange.heldBytes = 0;
  try {
    if (exchange.reservation !== null) {
      context.admission.settle(exchange.reservation, settlementOf(exchange, ending));
    }
    context.onRequestSettled(
      requestEvent(exchange, ending, {
        nowMonotonicMs: context.clock.monotonicMs(),
        priceOf: context.priceOf,
      }),
    );
  } catch (defect) {
    context.onDefect(defect);
  } finally {
    exchange.opening.attempt.leave(exchange);
  }
}
