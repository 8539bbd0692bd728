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

test("the usage of a Chat stream of Groq is within a member of its own", () => {
  const last = {
    choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
    x_groq: { id: "r", usage: { prompt_tokens: 30, completion_tokens: 7 } },
  };
  const { usage } = read(new OpenaiChatMeter(), [{ model: "m" }, last, "[DONE]"]);
  expect(usage).toEqual({ input_uncached: 30, output: 7, requests: 1 });
});
