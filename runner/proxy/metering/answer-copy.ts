import type { AnswerMeter } from "../dialects/dialect.ts";
import { collectDocument } from "./collect-document.ts";
import { decodeCopy } from "./decode-copy.ts";
import { scanEvents } from "./scan-events.ts";

/** Takes a copy of an answer's bytes as they pass, and gives the meter what is in them. */
export interface AnswerCopy {
  /** Returns false where the source is to pause until `onDrain` is called. */
  write(chunk: Buffer): boolean;
  /** Calls back when everything written has reached the meter: at once for plain bytes. */
  end(onRead: () => void): void;
}

/** One that reads decoded bytes. */
export interface ByteReader {
  write(chunk: Buffer): void;
  end(): void;
}

export interface CopyOptions {
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly meter: AnswerMeter;
  readonly onDrain: () => void;
}

/** Opens the copy that suits the answer's headers; null where the answer is neither events nor JSON. */
export function openAnswerCopy(options: CopyOptions): AnswerCopy | null {
  const reader = readerFor(options.contentType, options.meter);
  return reader === null ? null : decodeCopy(reader, options);
}

function readerFor(contentType: string, meter: AnswerMeter): ByteReader | null {
  const type = contentType.toLowerCase();
  if (type.startsWith("text/event-stream")) return scanEvents(meter);
  if (/^application\/(?:[\w.-]+\+)?json/.test(type)) return collectDocument(meter);
  return null;
}
