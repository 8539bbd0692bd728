import { BROKEN_OFF } from "../../ledger/domain/request-fate.ts";
import type { AnswerReading } from "./dialects/dialect.ts";
import { errorCode } from "./metering/json-value.ts";
import type { CallOutcome } from "./request-event.ts";

/** What the proxy knows of a forwarded request when nothing more will come. */
interface CallFacts {
  readonly isModelRequest: boolean;
  /** The upstream's status; null if no head came. */
  readonly status: number | null;
  /** Why the call broke; null if the answer came to its end by itself. */
  readonly failure: Error | null;
  readonly isClientGone: boolean;
  /** Null if no meter reads the answer's form. */
  readonly reading: AnswerReading | null;
}

/** The error codes of a call that the client or the proxy gave up. */
const GIVEN_UP: ReadonlySet<string | null> = new Set(["client_left", BROKEN_OFF]);

/** How a forwarded request ended. */
export function outcomeOf(facts: CallFacts): CallOutcome {
  const { status, reading } = facts;
  const error = failureCode(facts);
  if (status !== null) return { status, reading, ...endOfAnswer(facts, status, error) };
  // The upstream may have begun to work on a request that was given up: its usage is unknown.
  if (GIVEN_UP.has(error)) return { status, settlement: "cut", error, reading };
  return { status: 0, settlement: "unanswered", error, reading };
}

type End = Pick<CallOutcome, "settlement" | "error">;

function endOfAnswer(facts: CallFacts, status: number, failure: string | null): End {
  const stated = facts.reading?.error ?? null;
  if (status >= 300) {
    const refusal = status >= 400 ? (stated ?? "http_error") : null;
    return { settlement: "unanswered", error: failure ?? refusal };
  }
  if (facts.reading?.isComplete === true) {
    return { settlement: "complete", error: stated ?? late(failure) };
  }
  if (failure !== null) return { settlement: "cut", error: failure };
  return facts.isModelRequest
    ? endOfIncomplete(facts.reading)
    : { settlement: "complete", error: null };
}

/** An answer that ended by itself, without its last event. */
function endOfIncomplete(reading: AnswerReading | null): End {
  return reading === null
    ? { settlement: "complete", error: "answer_unreadable" }
    : { settlement: "cut", error: reading.error ?? "answer_incomplete" };
}

/** After the answer's last event the client has everything, so its leaving is no error. */
function late(failure: string | null): string | null {
  return GIVEN_UP.has(failure) ? null : failure;
}

function failureCode({ failure, isClientGone }: CallFacts): string | null {
  if (failure === null) return null;
  if (isClientGone) return "client_left";
  return errorCode("code" in failure ? failure.code : null, "network_error");
}
