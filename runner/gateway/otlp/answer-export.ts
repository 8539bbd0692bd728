import type { IncomingMessage, ServerResponse } from "node:http";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import type { HeldBytes } from "../../platform/http/hold-body.ts";
import { type OtlpRefusal, readOtlpRequest } from "./read-request.ts";

/** What becomes of exports. */
export interface OtlpTaker {
  /** Takes an export, as one line of JSON. The client is answered when it resolves. */
  readonly take: (line: string) => Promise<void> | void;
  /** The memory that bodies share with other requests; absent: only the size of each is bounded. */
  readonly room?: Pick<HeldBytes, "take" | "giveBack">;
  /** Hears of a request that could not be read. */
  readonly refused?: (path: string, refusal: OtlpRefusal) => void;
}

/** Codes of gRPC, which OTLP has in its errors: https://opentelemetry.io/docs/specs/otlp/#failures */
const INVALID_ARGUMENT = 3;
const UNAVAILABLE = 14;
const OK = 200;
const RETRY_LATER = 503;

/** Answers one request of OTLP over HTTP. Never rejects. */
export async function answerExport(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  path: string,
  { take, room, refused }: OtlpTaker,
): Promise<void> {
  response.on("error", () => undefined);
  request.on("error", () => undefined);
  let held = 0;
  const read = await readOtlpRequest(request, path, (bytes) => {
    const hasRoom = room?.take(bytes) ?? true;
    if (hasRoom) held += bytes;
    return hasRoom;
  });
  room?.giveBack(held);
  if (read.kind === "broken") return;
  if (read.kind === "refused") {
    refused?.(path, read);
    const message = `${read.reason}: ${read.text}.`;
    // The rest of a body that was too large would be taken for the next request.
    if (!request.complete) response.setHeader("connection", "close");
    return giveJson(response, read.status, { code: INVALID_ARGUMENT, message });
  }
  try {
    await take(read.line);
  } catch (error) {
    const message = reasonOf(error);
    return giveJson(response, RETRY_LATER, { code: UNAVAILABLE, message });
  }
  if (request.headers["content-type"]?.includes("protobuf") !== true)
    return giveJson(response, OK, {});
  // An empty message says that everything was accepted.
  response.writeHead(OK, { "content-type": "application/x-protobuf", "content-length": 0 }).end();
}

function giveJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
