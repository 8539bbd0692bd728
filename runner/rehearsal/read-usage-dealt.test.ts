import { expect, test } from "vitest";

import { readStream } from "../agents/builtin/read-answer.ts";
import { dealUsage } from "./deal-usage.ts";
import { ModelProfile } from "./profile.ts";
import { streamEvents } from "./stream-events.ts";

const REQUEST = { model: "m", messages: [{ role: "user" as const, content: "x" }] };
const USAGE = dealUsage(REQUEST, ModelProfile.parse({}), 77);
const INPUT = { path: "src/ä.mjs", content: 'const a = "😀";\n' };
const EVENTS = streamEvents({
  messageId: "msg_1",
  model: "m",
  blocks: [
    { type: "thinking", thinking: "Hm, ja — 思考." },
    { type: "text", text: "Ich schreibe das; 完了 😀" },
    { type: "tool_use", id: "toolu_1", name: "write_file", input: INPUT },
  ],
  stopReason: "tool_use",
  usage: USAGE,
}).map(({ data }) => data);
const CONTENT = [
  { type: "thinking", thinking: "Hm, ja — 思考.", signature: "c2NyaXB0ZWQ=" },
  { type: "text", text: "Ich schreibe das; 完了 😀" },
  { type: "tool_use", id: "toolu_1", name: "write_file", input: INPUT },
];

function encode(events: readonly Readonly<Record<string, unknown>>[], newline = "\n"): Uint8Array {
  const frames = events.map((event) =>
    [`event: ${String(event["type"])}`, `data: ${JSON.stringify(event)}`, "", ""].join(newline),
  );
  return new TextEncoder().encode(frames.join(""));
}

async function* inParts(bytes: Uint8Array, ...cuts: readonly number[]) {
  const ends = [...cuts, bytes.length];
  for (const [index, end] of ends.entries()) yield bytes.subarray(ends[index - 1] ?? 0, end);
}

test("a stream cut in two at any byte reads the same", async () => {
  const bytes = encode(EVENTS);
  const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
  const answers = await Promise.all(cuts.map((cut) => readStream(inParts(bytes, cut))));
  expect(answers).toHaveLength(bytes.length - 1);
  for (const { content, stopReason, usage } of answers) {
    expect({ content, stopReason }).toEqual({ content: CONTENT, stopReason: "tool_use" });
    expect(usage).toEqual(USAGE);
  }
});

test.each(["\n", "\r\n", "\r"])(
  "a stream of single bytes with line ends %j reads the same",
  async (end) => {
    const bytes = encode(EVENTS, end);
    const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
    expect((await readStream(inParts(bytes, ...cuts))).content).toEqual(CONTENT);
  },
);

test("unknown events and fields are ignored", async () => {
  const events = EVENTS.flatMap((event) => [
    { type: "rumour", at: 1 },
    { ...event, extra: [1] },
  ]);
  expect((await readStream(inParts(encode(events)))).content).toEqual(CONTENT);
});

test("usage that only the last event states replaces the zeros of the first", async () => {
  const start = {
    type: "message_start",
    message: { usage: { input_tokens: 0, output_tokens: 0 } },
  };
  const delta = {
    type: "message_delta",
    delta: { stop_reason: "end_turn" },
    usage: { input_tokens: 9, output_tokens: 5, output_tokens_details: { thinking_tokens: 2 } },
  };
  const { usage } = await readStream(inParts(encode([start, delta, { type: "message_stop" }])));
  expect(usage).toEqual({
    input_uncached: 9,
    output: 5,
    reasoning: 2,
    requests: 1,
  });
});

test("a stop reason ends an answer whose last event is missing", async () => {
  const answer = await readStream(inParts(encode(EVENTS.slice(0, -1))));
  expect(answer.stopReason).toBe("tool_use");
});

test("the request of a stream that ends in the middle may be sent again", async () => {
  const reading = readStream(inParts(encode(EVENTS.slice(0, -2))));
  await expect(reading).rejects.toMatchObject({ isRetryable: true });
});

test.each([
  { type: "overloaded_error", isRetryable: true },
  { type: "invalid_request_error", isRetryable: false },
])(
  "an error event of type $type fails the request, retryable: $isRetryable",
  async ({ type, isRetryable }) => {
    const error = { type: "error", error: { type, message: "No more." } };
    const reading = readStream(inParts(encode([...EVENTS.slice(0, 6), error])));
    await expect(reading).rejects.toMatchObject({ message: `${type}: No more.`, isRetryable });
  },
);

test("a tool input that is not JSON is kept for an explanation", async () => {
  const block = { type: "tool_use", id: "t", name: "write_file", input: {} };
  const delta = { type: "input_json_delta", partial_json: '{"path": "a' };
  const events = [
    { type: "content_block_start", index: 0, content_block: block },
    { type: "content_block_delta", index: 0, delta },
    { type: "message_stop" },
  ];
  const { content } = await readStream(inParts(encode(events)));
  expect(content).toEqual([{ ...block, input: { unreadable_json: '{"path": "a' } }]);
});

test("an event longer than any answer is refused", async () => {
  const endless = new TextEncoder().encode(`data: ${"x".repeat(17 * 1024 * 1024)}`);
  const reading = readStream(inParts(endless, 100));
  await expect(reading).rejects.toMatchObject({ isRetryable: false });
});
