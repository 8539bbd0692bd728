import { describe, expect, test } from "vitest";

import type { AnswerMeter, AnswerReading } from "./dialect.ts";
import { OpenaiChatMeter, OpenaiResponsesMeter } from "./openai.ts";

function read(meter: AnswerMeter, events: readonly (object | string)[]): AnswerReading {
  for (const event of events) {
    meter.readEvent({ data: typeof event === "string" ? event : JSON.stringify(event) });
  }
  return meter.reading();
}

describe("a Responses stream", () => {
  const created = { type: "response.created", response: { model: "gpt-x", usage: null } };
  const shown = { type: "response.output_text.delta", delta: "x".repeat(400) };
  const usage = {
    input_tokens: 1000,
    input_tokens_details: { cached_tokens: 700, cache_write_tokens: 100 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 20 },
  };
  const canonical = {
    input_uncached: 200,
    cache_read: 700,
    cache_write_5m: 100,
    output: 50,
    reasoning: 20,
    requests: 1,
  };

  test.each([
    ["response.completed", null, null],
    ["response.incomplete", null, null],
    ["response.failed", { code: "invalid_prompt", message: "words" }, "invalid_prompt"],
  ])("tells its usage in %s", (type, error, code) => {
    const final = { type, response: { model: "gpt-x-2026", usage, error } };
    expect(read(new OpenaiResponsesMeter(), [created, shown, final])).toEqual({
      model: "gpt-x-2026",
      usage: canonical,
      isComplete: true,
      outputEstimate: null,
      error: code,
    });
  });

  test("that is cut has an unknown usage, not zero, and an estimate", () => {
    expect(read(new OpenaiResponsesMeter(), [created, shown])).toMatchObject({
      model: "gpt-x",
      usage: null,
      isComplete: false,
      outputEstimate: expect.closeTo(90, -2),
    });
  });

  test("that failed before it did anything has an unknown usage", () => {
    const final = { type: "response.failed", response: { usage: null, error: { code: "x" } } };
    expect(read(new OpenaiResponsesMeter(), [created, final])).toMatchObject({ usage: null });
  });

  test("may end with an error event", () => {
    const error = { type: "error", code: "server_error", message: "words" };
    expect(read(new OpenaiResponsesMeter(), [created, error])).toMatchObject({
      error: "server_error",
      isComplete: false,
    });
  });

  test("whose cached part is larger than its whole is complete, with an unknown usage", () => {
    const impossible = { input_tokens: 10, input_tokens_details: { cached_tokens: 70 } };
    const final = { type: "response.completed", response: { usage: impossible } };
    const fault = expect.stringContaining("10 of input and 70 cached");
    const told = { usage: null, usageFault: fault, isComplete: true, error: null };
    expect(read(new OpenaiResponsesMeter(), [final])).toMatchObject(told);
  });
});

test("a Responses document is read like a final event, and an error by its name", () => {
  const answered = new OpenaiResponsesMeter();
  answered.readDocument({ model: "gpt-x", error: null, usage: { input_tokens: 3 } });
  expect(answered.reading()).toMatchObject({
    usage: { input_uncached: 3, requests: 1 },
    isComplete: true,
  });
  const refused = new OpenaiResponsesMeter();
  refused.readDocument({ error: { code: null, type: "insufficient_quota", message: "words" } });
  expect(refused.reading()).toMatchObject({ error: "insufficient_quota", isComplete: false });
});

describe("a Chat stream", () => {
  const text = { model: "m", choices: [{ delta: { content: 'a "usage":{ b' } }], usage: null };
  const finish = { model: "m", choices: [{ delta: {}, finish_reason: "stop" }] };
  const last = {
    model: "m",
    choices: [],
    usage: {
      prompt_tokens: 100,
      completion_tokens: 30,
      prompt_tokens_details: { cached_tokens: 60 },
      completion_tokens_details: { reasoning_tokens: 10 },
    },
  };

  test("tells its usage in its last chunk", () => {
    expect(read(new OpenaiChatMeter(), [text, finish, last, "[DONE]"])).toEqual({
      model: "m",
      usage: { input_uncached: 40, cache_read: 60, output: 30, reasoning: 10, requests: 1 },
      isComplete: true,
      outputEstimate: null,
      error: null,
    });
  });

  test("that was not asked for its usage has an unknown one, not zero, and an estimate", () => {
    const reading = read(new OpenaiChatMeter(), [text, text, finish, "[DONE]"]);
    expect(reading).toMatchObject({ usage: null, isComplete: true });
    expect(reading.outputEstimate).toBeGreaterThan(0);
  });

  test("that tells its usage in every chunk is not added up", () => {
    const usages = [1, 2, 3].map((completion_tokens) => ({
      ...text,
      usage: { prompt_tokens: 7, completion_tokens },
    }));
    expect(read(new OpenaiChatMeter(), [...usages, finish]).usage).toEqual({
      input_uncached: 7,
      output: 3,
      requests: 1,
    });
  });

  test("that is cut is not complete", () => {
    expect(read(new OpenaiChatMeter(), [text])).toMatchObject({ isComplete: false, usage: null });
  });

  test("may end with an error", () => {
    expect(
      read(new OpenaiChatMeter(), [text, { error: { code: 429, type: "quota" } }]),
    ).toMatchObject({ isComplete: false, error: "quota" });
  });
});

test("a Chat document is read like a last chunk", () => {
  const meter = new OpenaiChatMeter();
  meter.readDocument({ model: "m", usage: { prompt_tokens: 4, completion_tokens: 2 } });
  expect(meter.reading()).toMatchObject({
    usage: { input_uncached: 4, output: 2, requests: 1 },
    isComplete: true,
    outputEstimate: null,
  });
});

function readChat(chunk: object) {
  const meter = new OpenaiChatMeter();
  meter.readDocument({ model: "m", ...chunk });
  return meter.reading().usage;
}

test("Qwen's cache writes are no plain input", () => {
  const prompt_tokens_details = { cached_tokens: 30, cache_creation_input_tokens: 50 };
  const usage = { prompt_tokens: 100, completion_tokens: 2, prompt_tokens_details };
  expect(readChat({ usage })).toEqual({
    input_uncached: 20,
    cache_read: 30,
    cache_write_5m: 50,
    output: 2,
    requests: 1,
  });
});

test.each([
  ["DeepSeek's hits", { prompt_cache_hit_tokens: 60, prompt_cache_miss_tokens: 40 }],
  ["Moonshot's cached tokens", { cached_tokens: 60 }],
  [
    "the details before the totals",
    { cached_tokens: 99, prompt_tokens_details: { cached_tokens: 60 } },
  ],
])("%s are read from a cache", (_, cached) => {
  const usage = { prompt_tokens: 100, completion_tokens: 2, ...cached };
  expect(readChat({ usage })).toEqual({
    input_uncached: 40,
    cache_read: 60,
    output: 2,
    requests: 1,
  });
});

test.each([
  ["apart from the output (Grok)", { completion_tokens: 10, total_tokens: 150 }, 50],
  ["in the output", { completion_tokens: 10, total_tokens: 110 }, 10],
  ["in the output, without a total", { completion_tokens: 40 }, 40],
])("reasoning is counted %s", (_, counts, output) => {
  const completion_tokens_details = { reasoning_tokens: 40 };
  const usage = { prompt_tokens: 100, completion_tokens_details, ...counts };
  expect(readChat({ usage })?.output).toBe(output);
});

test.each([
  ["prompt", "completion", new OpenaiChatMeter()],
  ["input", "output", new OpenaiResponsesMeter()],
])("reasoning beside a %s that is larger than the %s is apart from it", (input, output, meter) => {
  const details = { [`${output}_tokens_details`]: { reasoning_tokens: 1000 } };
  const counts = { [`${input}_tokens`]: 5, [`${output}_tokens`]: 100 };
  meter.readDocument({ model: "m", usage: { ...counts, ...details } });
  expect(meter.reading().usage).toMatchObject({ output: 1100, reasoning: 1000 });
});

const HEARD = { prompt_tokens: 1000, completion_tokens: 1 };

test.each<[string, object, object | undefined]>([
  ["all of the prompt", { audio_tokens: 1000, cached_tokens: 900 }, { audio_input: 100 }],
  ["nothing in the cache", { audio_tokens: 400, cached_tokens: 0 }, { audio_input: 400 }],
  [
    "a stated part of the cache",
    { audio_tokens: 400, cached_tokens: 500, cached_tokens_details: { audio_tokens: 400 } },
    undefined,
  ],
  [
    "an unknown part of the cache",
    { audio_tokens: 400, cached_tokens: 500 },
    { unpriced: "cached_sound" },
  ],
])("cached sound is counted once: %s", (_, prompt_tokens_details, billing) => {
  expect(readChat({ usage: { ...HEARD, prompt_tokens_details } })?.billing).toEqual(billing);
});

const TOLD = { prompt_tokens: 1, completion_tokens: 1 };

test.each<[string, object, object | undefined]>([
  ["a tier", { service_tier: "flex", usage: TOLD }, { tier: "flex" }],
  ["the usual tier", { service_tier: "default", usage: TOLD }, undefined],
  ["a cost", { usage: { ...TOLD, cost: 0.25 } }, { stated_usd: 0.25 }],
  ["a cost of 0, which is no statement", { usage: { ...TOLD, cost: 0 } }, undefined],
  [
    "a fee for a key of one's own, and what its vendor asks",
    { usage: { ...TOLD, cost: 0.05, is_byok: true, cost_details: { upstream_inference_cost: 1 } } },
    { stated_usd: 1.05 },
  ],
  [
    "only the fee for a key of one's own",
    {
      usage: {
        ...TOLD,
        cost: 0.001,
        is_byok: true,
        cost_details: { upstream_inference_cost: null },
      },
    },
    { unpriced: "own_key" },
  ],
  [
    "sources of a live search (xAI)",
    { usage: { ...TOLD, num_sources_used: 10 } },
    { tool_calls: { live_search_source: 10 } },
  ],
  [
    "calls of a gateway's tools",
    { usage: { ...TOLD, server_tool_use: { web_search_requests: 1, code_execution_requests: 2 } } },
    { tool_calls: { code_execution: 2 } },
  ],
  ["a cost in ticks (xAI)", { usage: { ...TOLD, cost_in_usd_ticks: 1e9 } }, { stated_usd: 0.1 }],
  [
    "sound",
    { usage: { ...TOLD, completion_tokens_details: { audio_tokens: 1 } } },
    { audio_output: 1 },
  ],
])("a Chat answer states %s", (_, answer, billing) => {
  expect(readChat(answer)?.billing).toEqual(billing);
});

test("a Chat stream states its tier in every chunk, and its cost in the last", () => {
  const text = { model: "m", service_tier: "priority", choices: [{ delta: { content: "a" } }] };
  const last = { ...text, choices: [], usage: { ...TOLD, cost: 0.5 } };
  const { usage } = read(new OpenaiChatMeter(), [text, last, "[DONE]"]);
  expect(usage?.billing).toEqual({ tier: "priority", stated_usd: 0.5 });
});

test("a Responses answer lists the calls of the vendor's tools; opened pages and functions are free", () => {
  const output = [
    { type: "web_search_call", action: { type: "search" } },
    { type: "web_search_call", action: { type: "open_page" } },
    { type: "file_search_call" },
    { type: "file_search_call" },
    { type: "function_call" },
    { type: "message" },
  ];
  const usage = { input_tokens: 1, output_tokens: 1 };
  const response = { model: "m", service_tier: "priority", output, usage };
  const final = { type: "response.completed", response };
  expect(read(new OpenaiResponsesMeter(), [final]).usage).toMatchObject({
    web_searches: 1,
    billing: { tier: "priority", tool_calls: { file_search: 2 } },
  });
});

test("the usage of a Chat stream of Groq is within a member of its own", () => {
  const last = {
    choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
    x_groq: { id: "r", usage: { prompt_tokens: 30, completion_tokens: 7 } },
  };
  const { usage } = read(new OpenaiChatMeter(), [{ model: "m" }, last, "[DONE]"]);
  expect(usage).toEqual({ input_uncached: 30, output: 7, requests: 1 });
});
