import { createParser } from "eventsource-parser";

import { ApiFailure } from "./api-failure.ts";
import { AnswerAssembly } from "./assemble-answer.ts";
import { type Answer, STREAM_EVENT_TYPES, StreamEvent } from "./messages.ts";
import { parseJson } from "./parse-json.ts";

const STREAM_BYTES_MAX = 64 * 1024 * 1024;
const EVENT_CHARACTERS_MAX = 16 * 1024 * 1024;

/** Reads an answer from a stream of server-sent events, however its bytes are split. */
export async function readStream(body: AsyncIterable<Uint8Array>): Promise<Answer> {
  const assembly = new AnswerAssembly();
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: EVENT_CHARACTERS_MAX,
    onEvent: ({ data }) => {
      const event = readEvent(data);
      if (event !== undefined) assembly.add(event);
    },
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") throw tooLong();
    },
  });
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > STREAM_BYTES_MAX) throw tooLong();
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (assembly.isComplete) return assembly.finish();
  }
  if (assembly.hasStopReason) return assembly.finish();
  throw new ApiFailure("The answer's stream ended before its last event.", { isRetryable: true });
}

/** Events of kinds that later versions of the API add are passed over. */
function readEvent(data: string): StreamEvent | undefined {
  const json = parseJson(data);
  if (!STREAM_EVENT_TYPES.has(typeOf(json))) return undefined;
  const parsed = StreamEvent.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ApiFailure(`The answer's stream has an event that cannot be read: ${shorten(data)}`, {
    isRetryable: true,
  });
}

function typeOf(json: unknown): string {
  return typeof json === "object" && json !== null && "type" in json ? String(json.type) : "";
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function tooLong(): ApiFailure {
  return new ApiFailure("The answer's stream is longer than any answer can be.", {
    isRetryable: false,
  });
}
