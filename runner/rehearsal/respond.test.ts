import { afterEach, expect, test } from "vitest";

import { ModelProfile } from "./profile.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";

const TASK = { role: "user", content: "Please do." };
const CLOCK = { nowMs: () => 1_700_000_000_000, monotonicMs: () => 0 };

let model: ScriptedModel | undefined;

afterEach(async () => {
  await model?.stop();
  model = undefined;
});

async function start(): Promise<void> {
  const profiles = { scripted: ModelProfile.parse({}) };
  model = await startScriptedModel({ seed: "42", profiles, scripts: [], clock: CLOCK });
}

function post(body: unknown, path = "/v1/messages", headers: Record<string, string> = {}) {
  return fetch(`${model?.url}${path}`, {
    method: "POST",
    headers: { "x-api-key": "a-key-of-some-length", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function task(parts: object = {}) {
  return { model: "scripted", max_tokens: 4096, messages: [TASK], ...parts };
}

test.each([
  { fault: "no JSON", body: "{", status: 400, says: "not valid JSON" },
  {
    fault: "no model",
    body: { max_tokens: 1, messages: [TASK] },
    status: 400,
    says: "model: Field",
  },
  {
    fault: "no messages",
    body: { model: "scripted", max_tokens: 1 },
    status: 400,
    says: "messages: Field required",
  },
  {
    fault: "no max_tokens",
    body: { model: "scripted", messages: [TASK] },
    status: 400,
    says: "max_tokens: Field required",
  },
  { fault: "an empty history", body: task({ messages: [] }), status: 400, says: "messages" },
  {
    fault: "a role that does not exist",
    body: task({ messages: [{ role: "tool", content: "x" }] }),
    status: 400,
    says: "messages.0.role",
  },
  { fault: "an unknown model", body: task({ model: "other" }), status: 404, says: "model: other" },
  {
    fault: "a model named like a method",
    body: task({ model: "toString" }),
    status: 404,
    says: "",
  },
])("a request with $fault gets the API's $status", async ({ body, status, says }) => {
  await start();
  const response = await post(body);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({
    type: "error",
    error: { type: expect.any(String), message: expect.stringContaining(says) },
    request_id: response.headers.get("request-id"),
  });
  expect(model?.dealt()).toMatchObject([{ status, usage: { requests: 0 }, messageId: null }]);
});

test("a request without a credential gets 401", async () => {
  await start();
  const response = await post(task(), "/v1/messages", { "x-api-key": "" });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { type: "authentication_error" } });
  expect(model?.dealt()[0]?.keyHeader).toBeNull();
});

test("a body larger than the API takes gets 413", async () => {
  await start();
  const response = await post(task({ padding: "x".repeat(33 * 1024 * 1024) }));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { type: "request_too_large" } });
});

test.each(["/v1/complete", "/", "//", "/v1/messages/batches"])(
  "POST %s is not found",
  async (path) => {
    await start();
    expect((await post(task(), path)).status).toBe(404);
  },
);

test("the models are listed and described", async () => {
  await start();
  const headers = { authorization: "Bearer some-long-token" };
  const list = await (await fetch(`${model?.url}/v1/models`, { headers })).json();
  const one = await fetch(`${model?.url}/v1/models/scripted`, { headers });
  const none = await fetch(`${model?.url}/v1/models/other`, { headers });
  expect(list).toMatchObject({ data: [{ type: "model", id: "scripted" }], has_more: false });
  expect(await one.json()).toMatchObject({ id: "scripted" });
  expect(none.status).toBe(404);
  expect(model?.dealt()[0]?.keyHeader).toBe("authorization: Bearer …oken");
});
