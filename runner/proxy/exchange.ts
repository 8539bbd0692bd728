import type { Usage } from "../../ledger/domain/usage.ts";
import type { Refusal, Settlement } from "./admission.ts";
import type { Attempt } from "./attempts.ts";
import type { AnswerReading, Dialect } from "./dialects/dialect.ts";
import type { RequestEvent } from "./proxy.ts";
import type { Destination } from "./routes/destination.ts";
import type { Recording } from "./tape/record.ts";

/** What is known of a request when its head has arrived. */
export interface ExchangeOpening {
  readonly attempt: Attempt;
  readonly traceId: string;
  readonly arrivedAtMs: number;
  readonly arrivedMonotonicMs: number;
  readonly dialect: Dialect | null;
  readonly kind: RequestEvent["kind"];
  readonly subagentId: string | null;
  readonly clientSessionId: string | null;
}

/** How an exchange ended, and what an answer told by then. */
export interface ExchangeEnding {
  readonly reading: AnswerReading | null;
  readonly settlement: Settlement["ending"];
  readonly error: string | null;
}

/** Who can end what an exchange is waiting for. */
export interface Breakable {
  breakOff(): void;
}

/** One request and its answer: what is learnt while they pass, until it is settled. */
export class Exchange {
  readonly opening: ExchangeOpening;
  destination: Destination;
  requestedModel: string | null = null;
  reservation: string | null = null;
  /** Set while what passes is being recorded. */
  recording: Recording | null = null;
  /** Bytes of bodies that it keeps in memory. */
  heldBytes = 0;
  /** Whether the request was sent to the upstream. */
  isForwarded = false;
  isClientGone = false;
  isSettled = false;
  /** Whether the proxy itself ended it: the attempt or the proxy was closed. */
  isBrokenOff = false;
  status: number | null = null;
  firstByteMonotonicMs: number | null = null;
  upstreamRequestId: string | null = null;
  refusal: Refusal | null = null;
  /**
   * Who has the exchange in hand. No function of its own for each exchange: with those, finished
   * exchanges were seen to live until the next full collection.
   */
  worker: Breakable | null = null;

  constructor(opening: ExchangeOpening) {
    this.opening = opening;
    this.destination = opening.attempt.own;
  }

  breakOff(): void {
    if (this.isSettled || this.isBrokenOff) return;
    this.isBrokenOff = true;
    this.worker?.breakOff();
  }
}

export const NOTHING_READ: ExchangeEnding = {
  reading: null,
  settlement: "unanswered",
  error: null,
};

/** The usage that an ending is settled with. */
export function settlementOf(exchange: Exchange, ending: ExchangeEnding): Settlement {
  const usage: Usage | null = ending.reading?.usage ?? null;
  return {
    usage,
    ending: ending.settlement,
    outputEstimate: ending.reading?.outputEstimate ?? null,
    model: ending.reading?.model ?? exchange.requestedModel,
  };
}
