import { afterEach, expect, test } from "vitest";

import { OpenaiResponsesMeter } from "../gateway/proxy/dialects/openai.ts";
import { ModelProfile } from "./profile.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";

const CLOCK = { nowMs: () => 1_700_000_000_000, monotonicMs: () => 0 };
const TOOL = {
  type: "function",
  name: "exec_command",
  parameters: { type: "object", properties: { cmd: { type: "string" } } },
};
const SCRIPT = {
  featureId: "adder",
  title: "Adding",
  scenarios: ["one"],
  variants: [{ name: "good", fails: [], files: { "src/add.mjs": "export {};\n" } }],
};

let model: ScriptedModel | undefined;

afterEach(async () => {
  await model?.stop();
  model = undefined;
});

async function ask(body: object, headers: Record<string, string> = {}) {
  model ??= await startScriptedModel({
    seed: "42",
    profiles: { "gpt-5.5": ModelProfile.parse({}) },
    scripts: [],
    clock: CLOCK,
  });
  return await fetch(`${model.url}/v1/responses`, {
    method: "POST",
    headers: { authorization: "Bearer a-key-of-some-length", ...headers },
    body: JSON.stringify(body),
  });
}

async function output(body: object) {
  const answer: { output: { call_id?: string; arguments?: string }[] } = JSON.parse(
    await (await ask(body)).text(),
  );
  return answer.output;
}

const TASK = { type: "message", role: "user", content: [{ type: "input_text", text: "Hello." }] };

test("a document tells its usage with the cached tokens inside its input, as it was dealt", async () => {
  const answer = await ask({ model: "gpt-5.5", input: [TASK], tools: [TOOL] });
  const meter = new OpenaiResponsesMeter();
  meter.readDocument(await answer.json());
  expect(answer.status).toBe(200);
  expect(meter.reading()).toMatchObject({ model: "gpt-5.5", isComplete: true });
  expect(meter.reading().usage).toEqual(model?.dealt()[0]?.usage);
});

test("a stream ends with response.completed, its events numbered", async () => {
  const answer = await ask({ model: "gpt-5.5", input: "Hello.", stream: true });
  const events = [...(await answer.text()).matchAll(/^data: (.*)$/gm)].map(
    ([, data = ""]): { type: string; sequence_number: number } => JSON.parse(data),
  );
  expect(events.map(({ sequence_number: number }) => number)).toEqual([...events.keys()]);
  expect([events[0]?.type, events.at(-1)?.type]).toEqual([
    "response.created",
    "response.completed",
  ]);
});

test("an answer that is longer than asked for is incomplete", async () => {
  const answer = await ask({ model: "gpt-5.5", input: "Hello.", max_output_tokens: 1 });
  expect(await answer.json()).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
  });
});

test.each([
  [{ input: "Hello." }, 400],
  [{ model: "gpt-5.5", input: [] }, 400],
  [{ model: "other", input: "Hello." }, 404],
])("what can't be answered is refused in OpenAI's form: %j", async (body, status) => {
  const answer = await ask(body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({
    error: { message: expect.any(String), type: expect.any(String), param: null, code: null },
  });
});

test("a task is worked with the shell tool, and its results carry the conversation on", async () => {
  model = await startScriptedModel({
    seed: "42",
    profiles: { "gpt-5.5": ModelProfile.parse({}) },
    scripts: [SCRIPT],
    clock: CLOCK,
  });
  const task = { ...TASK, content: [{ type: "input_text", text: "Feature: Adding" }] };
  const first = await output({ model: "gpt-5.5", input: [TASK, task], tools: [TOOL] });
  const call = first.at(-1);
  expect(call).toMatchObject({ type: "function_call", name: "exec_command" });
  expect(call?.arguments).toBe('{"cmd":"ls -a"}');
  const result = { type: "function_call_output", call_id: call?.call_id, output: "src" };
  const input = [TASK, task, ...first, result];
  const second = await output({ model: "gpt-5.5", input, tools: [TOOL] });
  expect(second.at(-1)?.arguments).toContain("src/add.mjs");
});
