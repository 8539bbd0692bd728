import { StringDecoder } from "node:string_decoder";

import { createParser } from "eventsource-parser";

import type { AnswerMeter } from "../dialects/dialect.ts";
import type { ByteReader } from "./answer-copy.ts";

/** Largest single event that is held, in characters; a stream with a larger one is not metered further. */
const EVENT_CHARACTERS_MAX = 32 * 1024 * 1024;

/** Reads server-sent events however the bytes are split. */
export function scanEvents(meter: AnswerMeter): ByteReader {
  let isReadable = true;
  const decoder = new StringDecoder("utf8");
  const parser = createParser({
    maxBufferSize: EVENT_CHARACTERS_MAX,
    onEvent: (event) => meter.readEvent(event),
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") isReadable = false;
    },
  });
  const feed = (text: string): void => {
    if (isReadable) parser.feed(text);
  };
  return {
    write: (chunk) => feed(decoder.write(chunk)),
    // A last event without its blank line is read as well: some servers leave it out.
    end: () => feed(`${decoder.end()}\n\n`),
  };
}
