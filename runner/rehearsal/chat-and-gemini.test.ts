import { createParser } from "eventsource-parser";
import { afterEach, expect, test } from "vitest";

import { GeminiMeter } from "../gateway/proxy/dialects/gemini.ts";
import { OpenaiChatMeter } from "../gateway/proxy/dialects/openai.ts";
import { ModelProfile } from "./profile.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";

const CLOCK = { nowMs: () => 1_700_000_000_000, monotonicMs: () => 0 };
const SCRIPT = {
  featureId: "adder",
  title: "Adding",
  scenarios: ["one"],
  variants: [{ name: "good", fails: [], files: { "src/add.mjs": "export {};\n" } }],
};
const TASK = "Feature: Adding";
const SCHEMA = { type: "object", properties: { file_path: { type: "string" } } };
const KEY = "a-key-of-some-length";

let model: ScriptedModel | undefined;

afterEach(async () => {
  await model?.stop();
  model = undefined;
});

async function post(path: string, body: object, headers: Readonly<Record<string, string>>) {
  model ??= await startScriptedModel({
    seed: "42",
    profiles: { m: ModelProfile.parse({}) },
    scripts: [SCRIPT],
    clock: CLOCK,
  });
  const url = `${model.url}${path}`;
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, text: await answer.text() };
}

const chat = (body: object) =>
  post("/v1/chat/completions", { model: "m", ...body }, { authorization: `Bearer ${KEY}` });

const gemini = (method: string, body: object, name = "m") =>
  post(`/v1beta/models/${name}:${method}`, body, { "x-goog-api-key": KEY });

const CHAT_TOOLS = [{ type: "function", function: { name: "write_file", parameters: SCHEMA } }];
const GEMINI_TOOLS = [
  { functionDeclarations: [{ name: "write_file", parametersJsonSchema: SCHEMA }] },
];
const CONTENTS = [{ role: "user", parts: [{ text: TASK }] }];

function eventsOf(text: string): readonly string[] {
  const events: string[] = [];
  createParser({ onEvent: ({ data }) => events.push(data) }).feed(text);
  return events;
}

test.each([true, false])(
  "the Chat API states the usage that was dealt, streamed: %s",
  async (stream) => {
    const messages = [{ role: "user", content: TASK }];
    const { status, text } = await chat({ messages, tools: CHAT_TOOLS, stream });
    const meter = new OpenaiChatMeter();
    if (stream) for (const data of eventsOf(text)) meter.readEvent({ data });
    else meter.readDocument(JSON.parse(text));
    expect(status).toBe(200);
    expect(meter.reading()).toMatchObject({ model: "m", isComplete: true });
    expect(meter.reading().usage).toEqual(model?.dealt()[0]?.usage);
    expect(text).toContain("file_path");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(stream);
  },
);

test.each(["streamGenerateContent", "generateContent"])(
  "the Gemini API states the usage that was dealt: %s",
  async (method) => {
    const { status, text } = await gemini(`${method}?alt=sse`, {
      contents: CONTENTS,
      tools: GEMINI_TOOLS,
    });
    const meter = new GeminiMeter();
    if (method.startsWith("stream")) for (const data of eventsOf(text)) meter.readEvent({ data });
    else meter.readDocument(JSON.parse(text));
    expect(status).toBe(200);
    expect(meter.reading()).toMatchObject({ model: "m", isComplete: true });
    const { cache_read, ...dealt } = model?.dealt()[0]?.usage ?? {};
    expect(cache_read).toBe(0);
    expect(meter.reading().usage).toEqual(dealt);
    expect(text).toContain("file_path");
  },
);

test("the results of a Chat client's calls bring its conversation to its end", async () => {
  const call = { id: "toolu_x000001_c1", type: "function" };
  const said = {
    role: "assistant",
    tool_calls: [{ ...call, function: { name: "write_file", arguments: "{}" } }],
  };
  const result = { role: "tool", tool_call_id: call.id, content: "done" };
  const messages = [{ role: "user", content: [{ type: "text", text: TASK }] }, said, result];
  const { text } = await chat({ messages, tools: CHAT_TOOLS });
  expect(text).toContain("is implemented and checked");
  expect(model?.dealt()[0]).toMatchObject({ featureId: "adder", conversation: 1 });
});

test("the results of a Gemini client's calls bring its conversation to its end", async () => {
  const name = "write_file";
  const id = "toolu_x000001_c1";
  const contents = [
    ...CONTENTS,
    { role: "model", parts: [{ functionCall: { id, name, args: {} } }] },
    { role: "user", parts: [{ functionResponse: { id, name, response: { output: "done" } } }] },
  ];
  const { text } = await gemini("generateContent", { contents, tools: GEMINI_TOOLS });
  expect(text).not.toContain("functionCall");
  expect(model?.dealt()[0]).toMatchObject({ featureId: "adder", conversation: 1 });
});

test("errors have the form of their API", async () => {
  const unknown = await gemini("generateContent", { contents: CONTENTS }, "other");
  expect(JSON.parse(unknown.text)).toMatchObject({ error: { code: 404, message: "model: other" } });
  const empty = await chat({ messages: [] });
  expect(empty.status).toBe(400);
  expect(JSON.parse(empty.text)).toMatchObject({ error: { type: "invalid_request_error" } });
});
