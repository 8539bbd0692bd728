import { createParser } from "eventsource-parser";

import { parseJson } from "../../../platform/json/json-value.ts";
import { type AnswerMeter, writtenBytes } from "../dialects/dialect.ts";
import { type ByteCopy, type ByteReader, decodeCopy } from "./decode-bytes.ts";

/** The largest JSON answer that is metered, in bytes. The usage of a larger one stays unknown. */
const DOCUMENT_BYTES_MAX = 32 * 1024 * 1024;
/** The largest event that is held, in characters. A stream with a larger one is not metered further. */
const EVENT_CHARACTERS_MAX = 32 * 1024 * 1024;

/** A meter, and the copy of the answer that it reads. */
export interface AnswerMetering {
  readonly meter: AnswerMeter;
  readonly copy: ByteCopy;
}

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
  return copy === null ? null : { meter, copy };
}

function readerFor(contentType: string, meter: AnswerMeter): ByteReader | null {
  if (contentType.startsWith("text/event-stream")) return readEvents(meter);
  if (/^application\/(?:[\w.-]+\+)?json/.test(contentType)) return readDocument(meter);
  return null;
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
      if (document === undefined) meter.addUnread(writtenBytes(text) ?? bytes);
      else meter.readDocument(document);
    },
  };
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
