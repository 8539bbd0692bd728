import type { IncomingMessage, ServerResponse } from "node:http";

import { NO_USAGE } from "../../ledger/domain/usage.ts";
import { ApiError, errorBody, openaiErrorBody } from "./api-error.ts";
import type { DealtAnswer } from "./dealt-answer.ts";
import { credentialShown } from "./receive-request.ts";

/** One request under way, and what is noted of it as its answer goes out. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** The credential as it may be shown; `null` where none came. */
  readonly keyHeader: string | null;
  /** Aborted when the client goes away before its answer's end. */
  readonly signal: AbortSignal;
  note(facts: Partial<DealtAnswer>): void;
}

export interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Told once, when the answer has gone out or its client has gone away. */
  readonly onEnd: (dealt: DealtAnswer) => void;
}

export function openExchange({ request, response, requestId, onEnd }: Arrival): Exchange {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const keyHeader = credentialShown(request);
  const gone = new AbortController();
  let dealt: DealtAnswer = { ...NOTHING_DEALT, path, requestId, keyHeader };
  const end = (complete: boolean): void =>
    onEnd({ ...dealt, complete, status: response.statusCode });
  response.setHeader("request-id", requestId);
  response.once("finish", () => end(true));
  response.once("close", () => {
    if (response.writableFinished) return;
    gone.abort();
    end(false);
  });
  const note = (facts: Partial<DealtAnswer>): void => {
    dealt = { ...dealt, ...facts };
  };
  return { request, response, path, keyHeader, signal: gone.signal, note };
}

/** Answers, and turns whatever fails into the API's error, so that the server goes on. */
export async function conclude(exchange: Exchange, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (exchange.signal.aborted) return;
    if (exchange.response.headersSent) exchange.response.destroy();
    else sendError(exchange, asApiError(error));
  }
}

function sendError({ request, response, path }: Exchange, error: ApiError): void {
  const requestId = String(response.getHeader("request-id"));
  if (!request.complete) {
    // The rest of an unread body is thrown away, so that the client gets to read why.
    request.resume();
    response.setHeader("connection", "close");
  }
  response.writeHead(error.status, { "content-type": "application/json" });
  response.end(
    JSON.stringify(
      path.endsWith("/responses") ? openaiErrorBody(error) : errorBody(error, requestId),
    ),
  );
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500, "api_error", `The scripted model failed: ${String(error)}`);
}

const NOTHING_DEALT = {
  status: 0,
  model: null,
  stream: false,
  featureId: null,
  conversation: null,
  variant: null,
  messageId: null,
  usage: NO_USAGE,
  complete: false,
} as const;
