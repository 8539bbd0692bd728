import { gzipSync } from "node:zlib";

import { expect, onTestFinished, test } from "vitest";

import type { RouteCondition } from "./routes/route.ts";
import { startFakeUpstream } from "./test-support/fake-upstream.ts";
import { proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";
import type { Upstream } from "./upstream.ts";

const BODY = '{ "messages":[{"model":"inner"}],\t"model" : "claude-sonnet-4-5","x":1.50 }';
const ANSWER = '{"type":"message","model":"answered","usage":{"input_tokens":2,"output_tokens":3}}';
const HEADERS = {
  "content-type": "application/json",
  "anthropic-ratelimit-unified-5h-utilization": "0.12",
};
const SUBAGENT = { "x-claude-code-agent-id": "a0123456789abcdef" };

/** A proxy whose attempt sends what fulfils a condition to a second upstream. */
async function routedBefore(when: RouteCondition, changes: Partial<Upstream> = {}) {
  const under = await proxyBefore((response) => {
    response.writeHead(200, HEADERS).end(ANSWER);
  });
  const glm = await startFakeUpstream((response) => {
    response.writeHead(200, HEADERS).end(ANSWER);
  });
  onTestFinished(() => glm.stop());
  const auth = { mode: "key", key: "glm-key", header: "bearer" } as const;
  const to: Upstream = { name: "glm", baseUrl: `${glm.origin}/api/anthropic`, auth, ...changes };
  const rules = [{ name: "to-glm[0]", when, to, model: "glm-4.6" }];
  const attempt = under.proxy.openAttempt(under.route({ routes: { rules, seed: "42" } }));
  const ask = async (path: string, headers: Record<string, string>, body: Buffer | string = BODY) =>
    await send(`${attempt.url}${path}`, { headers, body });
  return { ...under, attempt, glm, ask };
}

test("a sub-agent's request goes to the route's upstream, with its key and its model's name", async () => {
  const { ask, glm, upstream, events } = await routedBefore({ subagent: true });
  await ask("/v1/messages?beta=true", { ...SUBAGENT, "x-api-key": "the-users-own" });
  expect(upstream.requests).toEqual([]);
  const [received] = glm.requests;
  expect(received?.url).toBe("/api/anthropic/v1/messages?beta=true");
  expect(received?.headers).toMatchObject({ authorization: "Bearer glm-key" });
  expect(received?.rawHeaders.join()).not.toContain("the-users-own");
  expect(String(received?.body)).toBe(BODY.replace("claude-sonnet-4-5", "glm-4.6"));
  expect(received?.headers["content-length"]).toBe(String(received?.body.length));
  expect(events).toMatchObject([
    {
      backend_provider: "glm",
      routed_by: "to-glm[0]",
      requested_model: "claude-sonnet-4-5",
      model: "answered",
      subagent_id: "a0123456789abcdef",
    },
  ]);
});

test("the main agent's request goes where it always went, byte for byte", async () => {
  const { ask, glm, upstream, events } = await routedBefore({ subagent: true });
  await ask("/v1/messages", {});
  expect(glm.requests).toEqual([]);
  expect(String(upstream.requests[0]?.body)).toBe(BODY);
  expect(events).toMatchObject([{ backend_provider: "scripted", routed_by: null }]);
});

test("what a route's vendor says about its own meters does not count as the provider's", async () => {
  const { ask, attempt, proxy } = await routedBefore({ subagent: true });
  await ask("/v1/messages", SUBAGENT);
  expect(proxy.metersOf(attempt.key)).toEqual([]);
  await ask("/v1/messages", {});
  expect(proxy.metersOf(attempt.key)).toMatchObject([{ name: "5h" }]);
});

test("a count of tokens takes the route of the request that it is made for, and reserves nothing", async () => {
  const { ask, glm, admitted } = await routedBefore({ model: "claude-*" });
  await ask("/v1/messages/count_tokens", {});
  expect(String(glm.requests[0]?.body)).toContain('"model" : "glm-4.6"');
  expect(admitted).toEqual([]);
});

test("what is no request to a model stays with the provider's own upstream", async () => {
  const { ask, glm, upstream } = await routedBefore({});
  await ask("/v1/models", SUBAGENT);
  expect(glm.requests).toEqual([]);
  expect(upstream.requests).toHaveLength(1);
});

test("a compressed body is renamed in the clear", async () => {
  const { ask, glm } = await routedBefore({});
  await ask("/v1/messages", { "content-encoding": "gzip" }, gzipSync(BODY));
  expect(glm.requests[0]?.headers["content-encoding"]).toBeUndefined();
  expect(String(glm.requests[0]?.body)).toBe(BODY.replace("claude-sonnet-4-5", "glm-4.6"));
});

test("a body that names no model is not renamed", async () => {
  const { ask, glm } = await routedBefore({});
  await ask("/v1/messages", {}, '{"model":');
  expect(String(glm.requests[0]?.body)).toBe('{"model":');
});

test("requests above an upstream's rate wait, and none is lost", async () => {
  const { ask, glm, events } = await routedBefore({}, { requestsPerS: 20 });
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: 5 }, () => ask("/v1/messages", {})));
  expect(performance.now() - startedMs).toBeGreaterThan(190);
  expect(glm.requests).toHaveLength(5);
  expect(events).toHaveLength(5);
});

test("a request that waits for its turn is ended with its attempt", async () => {
  const { ask, glm, proxy, attempt, events } = await routedBefore({}, { requestsPerS: 0.01 });
  const answers = [ask("/v1/messages", {}), ask("/v1/messages", {})];
  await expect.poll(() => glm.requests.length).toBe(1);
  await expect.poll(() => events.length).toBe(1);
  await proxy.closeAttempt(attempt.key);
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.toSorted((left, right) => left - right)).toEqual([200, 402]);
  expect(glm.requests).toHaveLength(1);
});

test("a route replaces the model in the path of a Gemini request", async () => {
  const { ask, glm, events } = await routedBefore({ model: "gemini-*" });
  await ask("/v1beta/models/gemini-3-pro:generateContent?a=b", {}, '{"contents":[]}');
  expect(glm.requests[0]?.url).toBe("/api/anthropic/v1beta/models/glm-4.6:generateContent?a=b");
  expect(String(glm.requests[0]?.body)).toBe('{"contents":[]}');
  expect(events).toMatchObject([{ dialect: "gemini", requested_model: "gemini-3-pro" }]);
});
