import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { reasonOf, hasCode } from "../../../ledger/domain/errors.ts";
import { parseJson } from "../../../ledger/domain/parse-json.ts";
import { isFields } from "../../../ledger/sources/tokens/counters.ts";
import { holdBody } from "../../platform/http/hold-body.ts";
import { decodeProtobuf, type OtlpSignal } from "./decode-protobuf.ts";

/** A request of OTLP over HTTP, or why it can't be read. */
export type OtlpRequest =
  /** Its form in JSON, on one line. */
  | { readonly kind: "export"; readonly line: string }
  | OtlpRefusal
  /** The client has left. */
  | { readonly kind: "broken" };

export interface OtlpRefusal {
  readonly kind: "refused";
  readonly status: number;
  /** In a word, such as `content-type`. */
  readonly reason: string;
  readonly text: string;
}

/** A larger body is not an export of an agent, compressed or not. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

const inflate = promisify(gunzip);

/** Reads one export. `path` is the request's path from `/v1/` on. */
export async function readOtlpRequest(
  request: IncomingMessage,
  path: string,
  takeRoom: (bytes: number) => boolean,
): Promise<OtlpRequest> {
  const signal = SIGNALS.get(path);
  const { "content-type": type = "none", "content-encoding": encoding = "identity" } =
    request.headers;
  const format = FORMATS.get(plain(type));
  if (signal === undefined) {
    return refusal(404, "path", `expected /v1/logs or /v1/metrics, got ${path}`);
  }
  if (request.method !== "POST") {
    return refusal(405, "method", `expected POST, got ${String(request.method)}`);
  }
  if (format === undefined) {
    const expected = [...FORMATS.keys()].join(" or ");
    return refusal(415, "content-type", `expected ${expected}, got ${type}`);
  }
  if (!ENCODINGS.includes(plain(encoding))) {
    return refusal(415, "content-encoding", `expected ${ENCODINGS.join(" or ")}, got ${encoding}`);
  }
  const body = await holdBody(request, BODY_BYTES_MAX, takeRoom);
  switch (body.kind) {
    case "broken":
      return { kind: "broken" };
    case "no-room":
      return refusal(503, "no-room", "expected fewer requests at a time");
    case "too-large":
      return TOO_LARGE;
    case "held":
      return await decode({ bytes: body.bytes, encoding: plain(encoding), signal, format });
  }
}

const SIGNALS: ReadonlyMap<string, OtlpSignal> = new Map([
  ["/v1/logs", "logs"],
  ["/v1/metrics", "metrics"],
]);
const FORMATS: ReadonlyMap<string, "json" | "protobuf"> = new Map([
  ["application/json", "json"],
  ["application/x-protobuf", "protobuf"],
]);
const ENCODINGS: readonly string[] = ["identity", "gzip"];

interface Body {
  readonly bytes: Buffer;
  readonly encoding: string;
  readonly signal: OtlpSignal;
  readonly format: "json" | "protobuf";
}

async function decode({ bytes, encoding, signal, format }: Body): Promise<OtlpRequest> {
  let body: Buffer;
  try {
    body = encoding === "gzip" ? await inflate(bytes, { maxOutputLength: BODY_BYTES_MAX }) : bytes;
  } catch (error) {
    return isTooLong(error) ? TOO_LARGE : refusal(400, "gzip", "expected a body in gzip");
  }
  if (format === "json") {
    const text = body.toString("utf8");
    // An empty object is an export of nothing. In JSON, line ends are only between values.
    const value = parseJson(text);
    return isFields(value) && !Array.isArray(value)
      ? { kind: "export", line: text.replaceAll(/[\r\n]/gu, " ") }
      : refusal(400, "json", "expected an export in JSON, got no JSON object");
  }
  try {
    return { kind: "export", line: JSON.stringify(await decodeProtobuf(signal, body)) };
  } catch (error) {
    return refusal(
      400,
      "protobuf",
      `expected an export of ${signal} in protobuf, got: ${reasonOf(error)}`,
    );
  }
}

function isTooLong(error: unknown): boolean {
  return hasCode(error, "ERR_BUFFER_TOO_LARGE");
}

const TOO_LARGE = refusal(
  413,
  "too-large",
  `expected at most ${String(BODY_BYTES_MAX)} bytes, got more`,
);

function refusal(status: number, reason: string, text: string): OtlpRefusal {
  return { kind: "refused", status, reason, text };
}

/** The value of a header without its parameters. */
function plain(header: string): string {
  return (header.split(";", 1)[0] ?? "").trim().toLowerCase();
}
