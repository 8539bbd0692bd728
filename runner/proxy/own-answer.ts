import type { ServerResponse } from "node:http";

import type { Dialect, OwnAnswer } from "./dialects/dialect.ts";

const HARD_STOP_STATUS = 402;

/** The error of a request that was stopped because the ledger could not be read. */
export const LEDGER_UNREADABLE = "ledger_unreadable";

/** Gives the client an answer of the proxy's own. Nothing in it asks for another try. */
export function giveAnswer(
  response: ServerResponse,
  answer: OwnAnswer,
  requestId: { readonly header: string; readonly traceId: string } | null,
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

/** The answer that ends a run, in the request's dialect, or in plain words where it has none. */
export function hardStop(dialect: Dialect | null, sentence: string): OwnAnswer {
  return (
    dialect?.hardStop(sentence) ?? {
      status: HARD_STOP_STATUS,
      body: { error: { message: sentence } },
    }
  );
}

export function failure(dialect: Dialect | null, status: number, sentence: string): OwnAnswer {
  return dialect?.failure(status, sentence) ?? { status, body: { error: { message: sentence } } };
}
