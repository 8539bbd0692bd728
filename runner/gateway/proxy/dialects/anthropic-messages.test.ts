import { expect, test } from "vitest";

import { AnthropicMessagesMeter } from "./anthropic-messages.ts";
import type { AnswerReading } from "./dialect.ts";

function read(events: readonly object[], host = "api.example.invalid"): AnswerReading {
  const meter = new AnthropicMessagesMeter(host);
  for (const event of events) meter.readEvent({ data: JSON.stringify(event) });
  return meter.reading();
}

function start(usage: object): object {
  return { type: "message_start", message: { model: "model-a", usage } };
}

function delta(usage: object, stop_reason: string | null = null): object {
  return { type: "message_delta", delta: { stop_reason }, usage };
}

const OPENED = {
  cache_read_input_tokens: 500,
  cache_creation_input_tokens: 60,
  cache_creation: { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 20 },
};
const ZEROED = { cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
const STOP = { type: "message_stop" };

test.each([
  {
    title: "cumulative deltas replace one another and are never added",
    events: [
      start({ input_tokens: 10, output_tokens: 1 }),
      delta({ output_tokens: 5 }),
      delta({ output_tokens: 9 }),
      STOP,
    ],
    usage: { input_uncached: 10, output: 9, requests: 1 },
  },
  {
    title: "a vendor that opens with zeros is believed at its end (Z.ai)",
    events: [
      start({ input_tokens: 0, output_tokens: 0 }),
      delta({ input_tokens: 120, cache_read_input_tokens: 80, output_tokens: 7 }, "end_turn"),
      STOP,
    ],
    usage: { input_uncached: 120, cache_read: 80, output: 7, requests: 1 },
  },
  {
    title:
      "a vendor that opens with the cache inside and ends with it apart is not counted twice (Kimi)",
    events: [
      start({ input_tokens: 1000, cache_read_input_tokens: 800, output_tokens: 0 }),
      delta({ input_tokens: 200, cache_read_input_tokens: 800, output_tokens: 7 }, "end_turn"),
      STOP,
    ],
    usage: { input_uncached: 200, cache_read: 800, output: 7, requests: 1 },
  },
  {
    title: "an input that was all in the cache is zero at the end",
    events: [
      start({ input_tokens: 800, output_tokens: 0 }),
      delta({ input_tokens: 0, cache_read_input_tokens: 800, output_tokens: 7 }, "end_turn"),
      STOP,
    ],
    usage: { input_uncached: 0, cache_read: 800, output: 7, requests: 1 },
  },
  {
    title: "zeros at the end do not wipe out what the opening said",
    events: [
      start({ input_tokens: 10, cache_creation_input_tokens: 6, output_tokens: 1 }),
      delta({ input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 7 }, "end_turn"),
    ],
    usage: { input_uncached: 10, cache_write_5m: 6, output: 7, requests: 1 },
  },
  {
    title: "zeros of the cache beside the same input wipe out nothing",
    events: [
      start({ input_tokens: 10, ...OPENED }),
      delta({ input_tokens: 10, ...ZEROED, output_tokens: 7 }, "end_turn"),
    ],
    usage: {
      input_uncached: 10,
      cache_read: 500,
      cache_write_5m: 40,
      cache_write_1h: 20,
      output: 7,
      requests: 1,
    },
  },
  {
    title: "an input that has taken in the cache leaves the cache unknown",
    events: [
      start({ input_tokens: 10, ...OPENED }),
      delta({ input_tokens: 570, ...ZEROED, output_tokens: 7 }, "end_turn"),
    ],
    usage: { input_uncached: 570, output: 7, requests: 1 },
  },
  {
    title: "thinking is a part of the output",
    events: [
      start({ input_tokens: 1 }),
      delta({ output_tokens: 7, output_tokens_details: { thinking_tokens: 5 } }, "end_turn"),
    ],
    usage: { input_uncached: 1, output: 7, reasoning: 5, requests: 1 },
  },
  {
    title: "searches of the vendor's server are counted, and are cumulative as tokens are",
    events: [
      start({ input_tokens: 1 }),
      delta({ output_tokens: 7, server_tool_use: { web_search_requests: 1 } }),
      delta({ output_tokens: 9, server_tool_use: { web_search_requests: 3 } }, "end_turn"),
    ],
    usage: { input_uncached: 1, output: 9, web_searches: 3, requests: 1 },
  },
  {
    title: "a stream that never says its usage has none",
    events: [start({}), delta({}, "end_turn"), STOP],
    usage: null,
  },
])("$title", ({ events, usage }) => {
  expect(read(events)).toMatchObject({ usage, isComplete: true, error: null });
});

test.each([
  [{ service_tier: "standard", inference_geo: "not_available", speed: "standard" }, undefined],
  [
    { service_tier: "batch", inference_geo: "us" },
    { tier: "batch", region: "us" },
  ],
  [{ service_tier: "standard", speed: "fast", inference_geo: "global" }, { tier: "fast" }],
  [{ service_tier: "A sentence of a vendor" }, { tier: "unnamed" }],
  [{ cost: 0.25 }, { stated_usd: 0.25 }],
  [{ cost: 0 }, undefined],
  [
    { cost: 0.01, is_byok: true, cost_details: { upstream_inference_cost: 0.2 } },
    { stated_usd: 0.21 },
  ],
  [{ cost: 0.001, is_byok: true }, { unpriced: "own_key" }],
  [{ service_tier: "priority", speed: "fast" }, { tier: "fast+priority" }],
  [
    { server_tool_use: { code_execution_requests: 5, web_fetch_requests: 2 } },
    { tool_calls: { code_execution: 5 } },
  ],
])("the terms of an answer %j are read", (terms, billing) => {
  const told = { input_tokens: 1, output_tokens: 1 };
  const usage = { input_uncached: 1, output: 9, requests: 1, ...(billing && { billing }) };
  const streamed = [start({ ...told, ...terms }), delta({ output_tokens: 9 }, "end_turn"), STOP];
  expect(read(streamed).usage).toEqual(usage);
  const meter = new AnthropicMessagesMeter("api.example.invalid");
  meter.readDocument({ type: "message", usage: { ...told, output_tokens: 9, ...terms } });
  expect(meter.reading().usage).toEqual(usage);
});

test.each([
  ["api.moonshot.ai", { input_uncached: 200, cache_read: 800, requests: 1 }],
  ["api.anthropic.com", { input_uncached: 1000, cache_read: 800, requests: 1 }],
])("a cut stream of %s is read by that vendor's opening", (host, usage) => {
  const opening = start({ input_tokens: 1000, cache_read_input_tokens: 800, output_tokens: 1 });
  expect(read([opening], host)).toMatchObject({ usage, isComplete: false });
});

test("a cut stream that opened with zeros has an unknown input, not zero", () => {
  expect(read([start({ input_tokens: 0, output_tokens: 0 })]).usage).toBeNull();
});

test("the output of a cut stream is estimated from what was streamed", () => {
  const text = "word ".repeat(400);
  const shown = { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } };
  const { outputEstimate, usage } = read([start({ input_tokens: 5, output_tokens: 3 }), shown]);
  expect(outputEstimate).toBeGreaterThan(400);
  expect(outputEstimate).toBeLessThan(600);
  expect(usage).toEqual({ input_uncached: 5, requests: 1 });
});

test.each([
  ["overloaded_error", "overloaded_error"],
  ["a sentence with the prompt in it", "unnamed_error"],
  [42, "unnamed_error"],
])("an error event of type %j is kept as %s", (type, error) => {
  expect(read([start({ input_tokens: 5 }), { type: "error", error: { type } }])).toMatchObject({
    error,
    isComplete: false,
  });
});

test("events that are no JSON, or of types to come, are passed over", () => {
  const meter = new AnthropicMessagesMeter("api.example.invalid");
  for (const data of ["", "null", "[1]", "{", '{"type":"message_later"}', '"message_start"']) {
    meter.readEvent({ data });
    meter.readEvent({ event: "message_start", data });
  }
  expect(meter.reading()).toMatchObject({ usage: null, model: null, isComplete: false });
});

const COMPACTION = { type: "compaction", input_tokens: 2_000_000, output_tokens: 4000 };
const ADVICE = { type: "advisor_message", model: "model-b", input_tokens: 900, output_tokens: 80 };
const MESSAGE = { type: "message", input_tokens: 10, output_tokens: 9 };

test("what the server does besides the message is counted, each model apart", () => {
  const iterations = [COMPACTION, MESSAGE, ADVICE];
  const { usage, parts } = read([
    start({ input_tokens: 10, output_tokens: 1 }),
    delta({ output_tokens: 9, iterations }, "end_turn"),
    STOP,
  ]);
  expect(usage).toEqual({ input_uncached: 2_000_910, output: 4089, requests: 1 });
  expect(parts).toEqual([
    { model: null, usage: { input_uncached: 2_000_010, output: 4009, requests: 1 } },
    { model: "model-b", usage: { input_uncached: 900, output: 80, requests: 0 } },
  ]);
});

test("the calls of tools count once, whatever models an answer had", () => {
  const meter = new AnthropicMessagesMeter("api.example.invalid");
  const server_tool_use = { code_execution_requests: 5 };
  const usage = { ...MESSAGE, iterations: [MESSAGE, ADVICE], server_tool_use };
  meter.readDocument({ model: "model-a", usage });
  const billings = meter.reading().parts?.map((part) => part.usage.billing);
  expect(billings).toEqual([{ tool_calls: { code_execution: 5 } }, undefined]);
});

test("an answer of one model has no parts", () => {
  const document = { model: "model-a", usage: { ...MESSAGE, iterations: [MESSAGE, COMPACTION] } };
  const meter = new AnthropicMessagesMeter("api.example.invalid");
  meter.readDocument(document);
  expect(meter.reading()).not.toHaveProperty("parts");
  expect(meter.reading().usage).toMatchObject({ input_uncached: 2_000_010, output: 4009 });
});
