import type { IncomingMessage } from "node:http";

import { ApiError, invalidRequest } from "./api-error.ts";

/** The API's own limit on a request body. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** The body's JSON; refuses what is too large, and what is no JSON. */
export async function receiveJson(request: IncomingMessage): Promise<unknown> {
  const text = (await receiveBody(request)).toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest("The request body is not valid JSON");
  }
}

/** The credential as it may be shown: which header it came in, and its last four characters. */
export function credentialShown(request: IncomingMessage): string | null {
  const apiKey = request.headers["x-api-key"];
  if (typeof apiKey === "string" && apiKey !== "") return `x-api-key: ${redact(apiKey)}`;
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return bearer === undefined ? null : `authorization: Bearer ${redact(bearer)}`;
}

async function receiveBody(request: IncomingMessage): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > BODY_BYTES_MAX) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(): ApiError {
  return new ApiError(413, "request_too_large", "Request exceeds the maximum size");
}

/** Four characters of a short key would be most of it. */
function redact(key: string): string {
  return key.length < 12 ? "…" : `…${key.slice(-4)}`;
}
