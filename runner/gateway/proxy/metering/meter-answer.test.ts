import { describe, expect, test } from "vitest";

import { anthropicMessages } from "../dialects/anthropic-messages.ts";
import type { AnswerReading } from "../dialects/dialect.ts";
import { messagesStream, MESSAGES_STREAM_USAGE } from "../test-support/messages-stream.ts";
import { meterAnswer } from "./meter-answer.ts";

function read(pieces: readonly Buffer[], contentType = "text/event-stream"): AnswerReading {
  const meter = anthropicMessages.newMeter("127.0.0.1");
  const form = { contentType, contentEncoding: "", onDrain: () => undefined };
  const metering = meterAnswer(meter, form);
  for (const piece of pieces) metering?.copy.write(piece);
  metering?.copy.end(() => undefined);
  return meter.reading();
}

/** Its letters have two, three and four bytes, so that a bad split shows. */
const MODEL = "modèle-模型-👋";
const STREAM = messagesStream().replace("model-a", MODEL);

const WHOLE = {
  model: MODEL,
  usage: MESSAGES_STREAM_USAGE,
  isComplete: true,
  outputEstimate: null,
  error: null,
};

describe.each([
  ["line feeds", STREAM],
  ["carriage returns and line feeds", STREAM.replaceAll("\n", "\r\n")],
  ["carriage returns", STREAM.replaceAll("\n", "\r")],
  ["comments and a byte order mark", `\uFEFF: hello\n\n${STREAM}: bye\n`],
  ["no blank line at its end", STREAM.trimEnd()],
  ["no event names", STREAM.replaceAll(/^event: .*\n/gm, "")],
])("a stream with %s", (_, stream) => {
  const bytes = Buffer.from(stream);

  test("is read whole, wherever it is split in two", () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(WHOLE);
    }
  });

  test("is read whole, byte by byte", () => {
    expect(read(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(WHOLE);
  });
});

const LINES = STREAM.matchAll(/^data: (.*)$/gmu)
  .map(([, data = ""]) => `${data}\n`)
  .toArray()
  .join("");

test.each([
  ["a stream without a type", "", STREAM],
  ["a stream without a type, after a comment", "", `: hello\n\n${STREAM}`],
  ["a stream as text", "text/plain; charset=utf-8", STREAM],
  ["a stream as bytes", "application/octet-stream", `\uFEFF${STREAM}`],
  ["a value in each line", "application/x-ndjson", LINES],
  ["a value in each line, as JSON", "application/json", LINES],
  ["a value in each line, without a type", "", `\n${LINES}`],
])("%s is read whole, wherever it is split in two", (_, type, text) => {
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(read([bytes.subarray(0, at), bytes.subarray(at)], type)).toEqual(WHOLE);
  }
});

test("lines of which the last is cut are read as far as they came", () => {
  const { usage, isComplete, outputEstimate } = read([Buffer.from(LINES.slice(0, -40))], "");
  expect([usage?.input_uncached, isComplete]).toEqual([68, false]);
  expect(outputEstimate).toBeGreaterThan(0);
});

test("a stream that is cut at any byte can be read", () => {
  const bytes = Buffer.from(messagesStream());
  for (let at = 0; at < bytes.length - 2; at += 1) {
    const { usage } = read([bytes.subarray(0, at)]);
    expect(usage === null || usage.input_uncached === 68).toBe(true);
  }
});

test("an endless event is dropped", () => {
  const flood = Buffer.alloc(4 * 1024 * 1024, "x");
  const reading = read([
    Buffer.from(messagesStream().slice(0, 600)),
    Buffer.from("\n\ndata: "),
    ...Array.from({ length: 10 }, () => flood),
    Buffer.from(messagesStream()),
  ]);
  expect(reading).toMatchObject({ isComplete: false, usage: { input_uncached: 68 } });
});

test("an endless document is dropped", () => {
  const flood = Buffer.alloc(4 * 1024 * 1024, " ");
  const reading = read(
    [Buffer.from("{"), ...Array.from({ length: 10 }, () => flood), Buffer.from("}")],
    "application/json",
  );
  expect(reading).toMatchObject({ isComplete: false, usage: null });
});

test.each(["text/html", "application/pdf"])("a body of type %j is not read", (type) => {
  expect(read([Buffer.from(messagesStream())], type)).toMatchObject({ usage: null });
});

test("a document that begins with a byte order mark is read", () => {
  const usage = { input_tokens: 3, output_tokens: 4 };
  const text = `\uFEFF${JSON.stringify({ type: "message", model: MODEL, usage })}`;
  const reading = read([Buffer.from(text)], "application/json");
  expect(reading.usage).toEqual({ input_uncached: 3, output: 4, requests: 1 });
});
