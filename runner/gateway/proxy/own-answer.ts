import type { ServerResponse } from "node:http";

import type { Dialect, OwnAnswer } from "./dialects/dialect.ts";

const HARD_STOP_STATUS = 402;

/** The error of a request that the proxy stopped because it could not read the ledger. */
export const LEDGER_UNREADABLE = "ledger_unreadable";

/** A header that both the client's session log and the ledger row have. */
export interface RequestId {
  readonly header: string;
  readonly traceId: string;
}

/** Null if the request is of no dialect, so no header is known. */
export function requestIdOf({
  dialect,
  traceId,
}: {
  readonly dialect: Dialect | null;
  readonly traceId: string;
}): RequestId | null {
  return dialect === null ? null : { header: dialect.requestIdHeader, traceId };
}

/** Gives the client an answer of the proxy's own. Nothing in it asks for another try. */
export function giveAnswer(
  response: ServerResponse,
  answer: OwnAnswer,
  requestId: RequestId | null,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...(requestId === null ? {} : { [requestId.header]: requestId.traceId }),
  });
  response.end(body);
}

/** The answer that ends a run, in the request's dialect if it has one. */
export function hardStop(dialect: Dialect | null, sentence: string): OwnAnswer {
  return dialect?.hardStop(sentence) ?? plainError(HARD_STOP_STATUS, sentence);
}

export function failure(dialect: Dialect | null, status: number, sentence: string): OwnAnswer {
  return dialect?.failure(status, sentence) ?? plainError(status, sentence);
}

function plainError(status: number, message: string): OwnAnswer {
  return { status, body: { error: { message } } };
}
