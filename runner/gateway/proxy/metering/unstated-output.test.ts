import { expect, test } from "vitest";

import { AnthropicMessagesMeter } from "../dialects/anthropic-messages.ts";
import type { AnswerMeter } from "../dialects/dialect.ts";
import { GeminiMeter } from "../dialects/gemini.ts";
import { OpenaiChatMeter, OpenaiResponsesMeter } from "../dialects/openai.ts";
import { meterAnswer } from "./meter-answer.ts";

const TEXT = "word ".repeat(8000);
const TOKENS = TEXT.length / 4;
const CREATED = { type: "response.created", response: { model: "m" } };
const ITEM = { type: "message", content: [{ type: "output_text", text: TEXT }] };
const DELTA = { type: "response.output_text.delta", delta: TEXT };
const COMPLETED = { type: "response.completed", response: { model: "m", output: [ITEM] } };
const CALL = { functionCall: { name: "replace", args: { new_string: TEXT } } };

function events(...all: readonly object[]): string {
  return all.map((data) => `data: ${JSON.stringify(data)}\n\n`).join("");
}

/** Reads an answer that comes with this content type. */
function read(meter: AnswerMeter, body: string, contentType = "text/event-stream") {
  const form = { contentType, contentEncoding: "", onDrain: () => undefined };
  const metering = meterAnswer(meter, form);
  metering?.copy.write(Buffer.from(body));
  metering?.copy.end(() => undefined);
  return meter.reading();
}

function ended(body: string): string {
  return body.slice(0, -20);
}

const messages = () => new AnthropicMessagesMeter("127.0.0.1");
const responses = () => new OpenaiResponsesMeter();

test.each<[string, () => AnswerMeter, string]>([
  [
    "Responses, only whole texts",
    responses,
    events(CREATED, { type: "response.output_text.done", text: TEXT }),
  ],
  [
    "Responses, only whole items",
    responses,
    events(CREATED, { type: "response.output_item.done", item: ITEM }),
  ],
  ["Responses, all in the last event", responses, events(CREATED, COMPLETED)],
  ["Responses, pieces that are said again", responses, events(CREATED, DELTA, COMPLETED)],
  ["Responses, an event that is cut", responses, ended(events(CREATED, DELTA))],
  [
    "Messages, an event that is cut",
    messages,
    ended(events({ type: "content_block_delta", delta: { type: "text_delta", text: TEXT } })),
  ],
  [
    "Messages, text where a block begins",
    messages,
    events({ type: "content_block_start", content_block: { type: "text", text: TEXT } }),
  ],
  [
    "Messages, JSON instead of events",
    messages,
    JSON.stringify({ type: "message", content: [{ type: "tool_use", input: { any: TEXT } }] }),
  ],
  [
    "Gemini, a tool beside a short text",
    () => new GeminiMeter(),
    events({ candidates: [{ content: { parts: [{ text: "I edit" }, CALL] } }] }),
  ],
])("an answer without usage is estimated by what came: %s", (_name, meter, body) => {
  const estimate = read(meter(), body).outputEstimate ?? 0;
  expect(estimate).toBeGreaterThanOrEqual(TOKENS - 20);
  expect(estimate).toBeLessThanOrEqual(TOKENS + 50);
});

const ZERO = { prompt_tokens: 0, completion_tokens: 0 };
const TOLD = { prompt_tokens: 9, completion_tokens: 5 };
const SAID = { choices: [{ delta: { content: "any text" } }] };
const FINISHED = { choices: [{ delta: {}, finish_reason: "stop" }] };

test("zeros beside a text are not believed", () => {
  const { usage, outputEstimate } = read(
    new OpenaiChatMeter(),
    events(SAID, { ...FINISHED, usage: ZERO }),
  );
  expect(usage).toBe(null);
  expect(outputEstimate).toBeGreaterThan(0);
});

test("zeros replace no counts that were stated before", () => {
  const all = events({ ...SAID, usage: TOLD }, { ...FINISHED, usage: ZERO });
  const { usage } = read(new OpenaiChatMeter(), all);
  expect(usage).toEqual({ input_uncached: 9, output: 5, requests: 1 });
});

test("a prompt of zero tokens is not believed, and the output beside it is", () => {
  const all = events(SAID, { ...FINISHED, usage: { ...TOLD, prompt_tokens: 0 } });
  expect(read(new OpenaiChatMeter(), all).usage).toEqual({ output: 5, requests: 1 });
});

test("an output of zero is believed if the model wrote nothing", () => {
  const all = events({ ...FINISHED, usage: { ...TOLD, completion_tokens: 0 } });
  const { usage, outputEstimate } = read(new OpenaiChatMeter(), all);
  expect(usage).toEqual({ input_uncached: 9, output: 0, requests: 1 });
  expect(outputEstimate).toBe(null);
});
