import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { giveAnswer } from "../own-answer.ts";
import type { ProxyStatus } from "../proxy.ts";

/** Where a proxy says how it stands. */
export const STATUS_PATH = "/-/status";

/** Answers a request for the status if it is one; a wrong key learns nothing. */
export function answerStatus(
  request: IncomingMessage,
  response: ServerResponse,
  { key, read }: { readonly key: string | undefined; readonly read: () => ProxyStatus },
): boolean {
  if (request.url !== STATUS_PATH) return false;
  if (key === undefined || !holdsKey(request.headers.authorization ?? "", key)) {
    giveAnswer(response, { status: 404, body: { error: { message: "Not found." } } }, null);
  } else {
    giveAnswer(response, { status: 200, body: read() }, null);
  }
  return true;
}

function holdsKey(authorization: string, key: string): boolean {
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
