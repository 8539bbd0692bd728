import { createParser } from "eventsource-parser";

import { parseJson } from "../../../platform/json/json-value.ts";
import type { AnswerMeter } from "../dialects/dialect.ts";
import { writtenBytes } from "../dialects/written-bytes.ts";
import { type ByteCopy, type ByteReader, decodeCopy } from "./decode-bytes.ts";

/** The largest JSON answer that is metered, in bytes. The usage of a larger one stays unknown. */
const DOCUMENT_BYTES_MAX = 32 * 1024 * 1024;
/** The largest event that is held, in characters. A stream with a larger one is not metered further. */
const EVENT_CHARACTERS_MAX = 32 * 1024 * 1024;

/** A meter, and the copy of the answer that it reads. */
export interface AnswerMetering {
  readonly meter: AnswerMeter;
  readonly copy: ByteCopy;
  /** Whether the answer turned out to be neither events nor JSON. */
  readonly isUnread: () => boolean;
  /** Whether the answer is known to be events, whatever its content type. */
  readonly isEvents: () => boolean;
}

type AnswerReader = ByteReader & Pick<AnswerMetering, "isEvents" | "isUnread">;
type OpenReader = (meter: AnswerMeter) => ByteReader;

interface AnswerForm {
  /** Both in lower case. */
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly onDrain: () => void;
}

/** Lets a meter read an answer as it passes; null if the answer is neither events nor JSON. */
export function meterAnswer(meter: AnswerMeter, form: AnswerForm): AnswerMetering | null {
  const reader = readerFor(form.contentType, meter);
  const copy = reader === null ? null : decodeCopy(reader, form);
  if (reader === null || copy === null) return null;
  const { isUnread, isEvents } = reader;
  return { meter, copy, isUnread, isEvents };
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+|x-)?(?:nd)?json/;
/** Types that say nothing, as servers send them whose authors forgot the right one. */
const ANY_TYPE = /^(?:|text\/plain|application\/octet-stream)(?:;|$)/;

function readerFor(contentType: string, meter: AnswerMeter): AnswerReader | null {
  if (contentType.startsWith("text/event-stream")) return readAny(meter, readEvents);
  if (JSON_TYPE.test(contentType)) return readAny(meter, readDocument);
  return ANY_TYPE.test(contentType) ? readAny(meter, null) : null;
}

const FIRST_OF_EVENTS = /^(?:data|event|id|retry)?:/;
const FIRST_OF_JSON = /^[{[]/;
/** Bytes in which an answer of no known type must begin like events or JSON. */
const FIRST_BYTES_MAX = 1024;

/** Chooses the reader by how the answer begins, whatever its type says. */
function readAny(meter: AnswerMeter, otherwise: OpenReader | null): AnswerReader {
  let first = Buffer.alloc(0);
  let chosen: OpenReader | null = null;
  let reader: ByteReader | null = null;
  return {
    write: (chunk) => {
      if (reader !== null) return reader.write(chunk);
      if (first.length > FIRST_BYTES_MAX) return;
      first = Buffer.concat([first, chunk]);
      chosen = chooseReader(first, otherwise);
      reader = chosen?.(meter) ?? null;
      reader?.write(first);
    },
    lose: (lost) => meter.addUnread(lost),
    end: () => reader?.end(),
    isUnread: () => reader === null && otherwise === null,
    isEvents: () => chosen === readEvents,
  };
}

function chooseReader(first: Buffer, otherwise: OpenReader | null): OpenReader | null {
  const begin = first
    .toString()
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (FIRST_OF_EVENTS.test(begin)) return readEvents;
  if (FIRST_OF_JSON.test(begin)) return readDocument;
  return begin === "" ? null : otherwise;
}

/** Reads server-sent events, however their bytes are split. */
function readEvents(meter: AnswerMeter): ByteReader {
  const decoder = new TextDecoder();
  let isReadable = true;
  const parser = createParser({
    maxBufferSize: EVENT_CHARACTERS_MAX,
    onEvent: (event) => meter.readEvent(event),
    onError: ({ type }) => {
      if (type !== "max-buffer-size-exceeded") return;
      isReadable = false;
      meter.addUnread(EVENT_CHARACTERS_MAX);
    },
  });
  const feed = (text: string): void => {
    if (isReadable) parser.feed(text);
    else meter.addUnread(Buffer.byteLength(text));
  };
  return {
    write: (chunk) => feed(decoder.decode(chunk, { stream: true })),
    lose: (lost) => meter.addUnread(lost),
    // Some servers leave out the blank line after the last event.
    end: () => feed(`${decoder.decode()}\n\n`),
  };
}

/** Gathers a JSON answer and gives it to the meter whole. */
function readDocument(meter: AnswerMeter): ByteReader {
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    write: (chunk) => {
      bytes += chunk.length;
      if (bytes <= DOCUMENT_BYTES_MAX) chunks.push(chunk);
      else chunks = [];
    },
    lose: (lost) => meter.addUnread(lost),
    end: () => {
      if (bytes > DOCUMENT_BYTES_MAX) return meter.addUnread(bytes);
      const text = Buffer.concat(chunks).toString();
      chunks = [];
      const document = parseDocument(text);
      if (document !== undefined) meter.readDocument(document);
      else if (!readLines(text, meter)) meter.addUnread(writtenBytes(text) ?? bytes);
    },
  };
}

/** Reads a JSON value in each line, as if they were events; false if the first line has none. */
function readLines(text: string, meter: AnswerMeter): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (parseJson(lines[0]?.replace(/^\uFEFF/, "") ?? "") === undefined) return false;
  for (const line of lines) {
    if (parseJson(line) === undefined) meter.addUnread(writtenBytes(line) ?? line.length);
    else meter.readEvent({ data: line });
  }
  return true;
}

/** Closing braces of a cut array that are tried, from the last on. */
const CLOSES_TRIED_MAX = 50;

/** A JSON text; of an array that is cut, the members that came whole. */
function parseDocument(text: string): unknown {
  const whole = parseJson(text.replace(/^\uFEFF/, ""));
  if (whole !== undefined || !text.trimStart().startsWith("[")) return whole;
  let end = text.lastIndexOf("}");
  for (let tried = 0; tried < CLOSES_TRIED_MAX && end > 0; tried += 1) {
    const members = parseJson(`${text.slice(0, end + 1)}]`);
    if (members !== undefined) return members;
    end = text.lastIndexOf("}", end - 1);
  }
  return undefined;
}
