import type { AnswerReading } from "./dialects/dialect.ts";
import type { ExchangeEnding } from "./exchange.ts";
import { errorCode } from "./metering/error-code.ts";

/** What is known of a forwarded request when nothing more will come. */
export interface ForwardedFacts {
  readonly isModelRequest: boolean;
  /** The upstream's status; null where no head came. */
  readonly status: number | null;
  /** Why the answer broke; null where it came to its end by itself. */
  readonly failure: Error | null;
  readonly isClientGone: boolean;
  readonly isBrokenOff: boolean;
  /** null where the answer is in a form that no meter reads. */
  readonly reading: AnswerReading | null;
}

/** How a forwarded request ended: a function of what was seen of it. */
export function endingOf(facts: ForwardedFacts): ExchangeEnding {
  const { status, failure, reading } = facts;
  const ending = (
    settlement: ExchangeEnding["settlement"],
    error: string | null,
  ): ExchangeEnding => ({ reading, settlement, error });

  if (status === null) return ending(isOurDoing(facts) ? "cut" : "unanswered", failureCode(facts));
  if (status >= 300) {
    return ending("unanswered", failure === null ? httpError(facts, status) : failureCode(facts));
  }
  if (reading?.isComplete === true) return ending("complete", reading.error ?? lateFailure(facts));
  if (failure !== null) return ending("cut", failureCode(facts));
  if (!facts.isModelRequest) return ending("complete", null);
  if (reading === null) return ending("complete", "answer_unreadable");
  return ending("cut", reading.error ?? "answer_incomplete");
}

/** The request was on its way when the client or the proxy gave it up: what it used is unknown. */
function isOurDoing(facts: ForwardedFacts): boolean {
  return facts.isClientGone || facts.isBrokenOff;
}

function httpError(facts: ForwardedFacts, status: number): string | null {
  if (status < 400) return null;
  return facts.reading?.error ?? "http_error";
}

/** What broke after the answer's last event; a client that leaves then has all it needs. */
function lateFailure(facts: ForwardedFacts): string | null {
  return facts.failure === null || isOurDoing(facts) ? null : failureCode(facts);
}

function failureCode(facts: ForwardedFacts): string {
  if (facts.isClientGone) return "client_left";
  if (facts.isBrokenOff) return "broken_off";
  const { failure } = facts;
  return errorCode(failure !== null && "code" in failure ? failure.code : null, "network_error");
}
