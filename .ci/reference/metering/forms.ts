import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";

import { type ApiSample, CACHED, TEXT, TRUE_TOKENS } from "./apis.ts";
import type { ProtocolCase, WireAnswer } from "./protocol-case.ts";

/** A form in which an API may answer. */
interface AnswerForm {
  readonly title: string;
  readonly isStream: boolean;
  readonly answer: (api: ApiSample) => WireAnswer;
  /** The share of the text that comes; by default all. */
  readonly textShare?: number;
  /** Whether no model has worked. */
  readonly isFree?: boolean;
}

const JSON_TYPE = "application/json";
const EVENTS_TYPE = "text/event-stream";

function json({ document }: ApiSample, isStated = true): string {
  return JSON.stringify(document(isStated));
}

function eventsOf(parts: readonly object[]): string {
  return parts
    .map((part) => {
      const name = "type" in part ? `event: ${String(part.type)}\n` : "";
      return `${name}data: ${JSON.stringify(part)}\n\n`;
    })
    .join("");
}

function stream({ events, path }: ApiSample, isStated = true): string {
  const done = path.endsWith("/completions") ? "data: [DONE]\n\n" : "";
  return `${eventsOf(events(isStated))}${done}`;
}

/** The events up to the first piece of text. */
function beginning({ events }: ApiSample): readonly object[] {
  const parts = events(true);
  const first = parts.findIndex((part) => JSON.stringify(part).includes(TEXT.slice(0, 20)));
  return parts.slice(0, first + 1);
}

function typed(type: string, body: WireAnswer["body"], more: object = {}): WireAnswer {
  return { headers: type === "" ? {} : { "content-type": type }, body, ...more };
}

function encoded(type: string, encoding: string, body: Buffer): WireAnswer {
  return { headers: { "content-type": type, "content-encoding": encoding }, body };
}

const ENCODINGS: readonly (readonly [name: string, header: string, encode: Encode])[] = [
  ["gzip", "gzip", gzipSync],
  ["Brotli", "br", brotliCompressSync],
  ["zstd", "zstd", zstdCompressSync],
  ["deflate", "deflate", deflateSync],
  ["deflate without its header", "deflate", deflateRawSync],
];
type Encode = (bytes: Buffer) => Buffer;

const DOCUMENTS: readonly Omit<AnswerForm, "isStream">[] = [
  { title: "JSON", answer: (api) => typed(JSON_TYPE, json(api)) },
  ...ENCODINGS.map(([name, header, encode]) => ({
    title: `JSON, ${name}`,
    answer: (api: ApiSample) => encoded(JSON_TYPE, header, encode(Buffer.from(json(api)))),
  })),
  {
    title: "JSON in an unknown encoding",
    answer: (api) => encoded(JSON_TYPE, "compress", Buffer.from(json(api))),
  },
  { title: "JSON without a content type", answer: (api) => typed("", json(api)) },
  { title: "JSON as `text/plain`", answer: (api) => typed("text/plain; charset=utf-8", json(api)) },
  {
    title: "JSON as `application/octet-stream`",
    answer: (api) => typed("application/octet-stream", json(api)),
  },
  {
    title: "JSON of a vendor's own type",
    answer: (api) => typed("application/vnd.sample+json", json(api)),
  },
  {
    title: "JSON after a byte order mark",
    answer: (api) => typed(JSON_TYPE, `\uFEFF${json(api)}`),
  },
  { title: "JSON without a usage", answer: (api) => typed(JSON_TYPE, json(api, false)) },
  {
    title: "JSON that breaks off",
    answer: (api) => typed(JSON_TYPE, json(api).slice(0, -3), { isCut: true }),
  },
  {
    title: "No answer: the connection breaks",
    answer: () => typed("", "", { isLost: true }),
    textShare: 0,
  },
  { title: "A page of HTML", answer: () => typed("text/html", `<p>${TEXT}</p>`) },
  { title: "Text", answer: () => typed("text/plain", TEXT) },
];

const STREAMS: readonly Omit<AnswerForm, "isStream">[] = [
  { title: "Events", answer: (api) => typed(EVENTS_TYPE, stream(api)) },
  ...ENCODINGS.map(([name, header, encode]) => ({
    title: `Events, ${name}`,
    answer: (api: ApiSample) => encoded(EVENTS_TYPE, header, encode(Buffer.from(stream(api)))),
  })),
  { title: "Events without a content type", answer: (api) => typed("", stream(api)) },
  { title: "Events as `text/plain`", answer: (api) => typed("text/plain", stream(api)) },
  {
    title: "Events with carriage returns",
    answer: (api) => typed(EVENTS_TYPE, stream(api).replaceAll("\n", "\r\n")),
  },
  {
    title: "Events after a byte order mark",
    answer: (api) => typed(EVENTS_TYPE, `\uFEFF${stream(api)}`),
  },
  {
    title: "Events between comments",
    answer: (api) => typed(EVENTS_TYPE, stream(api).replaceAll("\n\n", "\n\n: ping\n\n")),
  },
  {
    title: "Events without names",
    answer: (api) => typed(EVENTS_TYPE, stream(api).replaceAll(/^event: .*\n/gmu, "")),
  },
  {
    title: "Events without a blank line at the end",
    answer: (api) => typed(EVENTS_TYPE, stream(api).trimEnd()),
  },
  {
    title: "A JSON value in each line",
    answer: (api) =>
      typed(
        "application/x-ndjson",
        api
          .events(true)
          .map((part) => `${JSON.stringify(part)}\n`)
          .join(""),
      ),
  },
  { title: "Events without a usage", answer: (api) => typed(EVENTS_TYPE, stream(api, false)) },
  {
    title: "Events that break off",
    answer: (api) => typed(EVENTS_TYPE, eventsOf(beginning(api)), { isCut: true }),
    textShare: 0.5,
  },
  {
    title: "Events that end too early",
    answer: (api) => typed(EVENTS_TYPE, eventsOf(beginning(api))),
    textShare: 0.5,
  },
  {
    title: "Events that end with an error",
    answer: (api) => typed(EVENTS_TYPE, eventsOf([...beginning(api), api.error])),
    textShare: 0.5,
  },
];

const REFUSALS: readonly Omit<AnswerForm, "isStream">[] = [400, 401, 429, 500, 529].map(
  (status) => ({
    title: `The status ${String(status)}`,
    answer: ({ error }) => typed(JSON_TYPE, JSON.stringify(error), { status }),
    isFree: true,
  }),
);

/** The forms of the answers of each API. */
export const FORMS: readonly AnswerForm[] = [
  ...[...DOCUMENTS, ...REFUSALS].map((form) => ({ ...form, isStream: false })),
  ...STREAMS.map((form) => ({ ...form, isStream: true })),
];

export function caseOf(api: ApiSample, form: AnswerForm): ProtocolCase {
  const { isStream, textShare = 1, isFree = false } = form;
  const path = isStream ? (api.streamPath ?? api.path) : api.path;
  const body = JSON.stringify({ ...api.request, stream: isStream });
  return {
    path,
    sent: { body },
    answer: form.answer(api),
    truth: isFree ? null : { ...TRUE_TOKENS, cached: { cache_read: CACHED } },
    textBytes: isFree ? 0 : TEXT.length * textShare,
  };
}
