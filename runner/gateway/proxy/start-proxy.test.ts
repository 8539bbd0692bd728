import { EventEmitter, once } from "node:events";

import { expect, test } from "vitest";

import { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { messagesStream, MESSAGES_STREAM_USAGE } from "./test-support/messages-stream.ts";
import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const BODY = '{"model":"model-a",  "messages":[{"role":"user","content":"Grüße"}],"stream":true}\n';

test("a request and its stream pass byte for byte, and the usage is read", async () => {
  const { attempt, upstream, events } = await proxyBefore((response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "request-id": "req_up" });
    response.end(messagesStream());
  });

  const answer = await send(`${attempt.url}/v1/messages?beta=true`, {
    headers: {
      "x-claude-code-agent-id": "a0123456789abcdef",
      "x-claude-code-session-id": "df3db515-4654-4a45-960a-0dca8219ad47",
    },
    body: BODY,
  });

  expect(answer).toMatchObject({ status: 200, isWhole: true });
  expect(answer.body.toString()).toBe(messagesStream());
  expect(upstream.requests).toHaveLength(1);
  expect(upstream.requests[0]?.url).toBe("/v1/messages?beta=true");
  expect(upstream.requests[0]?.body.toString()).toBe(BODY);
  expect(events).toEqual([
    expect.objectContaining({
      record: "request_proxied",
      session_id: "session",
      subagent_id: "a0123456789abcdef",
      backend_provider: "scripted",
      model: "model-a",
      prompt_tokens: 598,
      completion_tokens: 41,
      status: 200,
      window: "W0-01",
      attempt: 1,
      provider: "claude",
      requested_model: "model-a",
      usage: MESSAGES_STREAM_USAGE,
      cost_usd: null,
      convention: "cache_apart",
      kind: "model",
      refused_by: null,
      error: null,
      is_client_gone: false,
      is_stream_cut: false,
      upstream_request_id: "req_up",
      client_session_id: "df3db515-4654-4a45-960a-0dca8219ad47",
      trace_id: answer.headers["request-id"],
    }),
  ]);
  expect(ProxiedRequest.parse(events[0])).toEqual(events[0]);
});

test("the admission decides before a request goes out, and settles it once", async () => {
  const { attempt, admitted, settled, route } = await proxyBefore((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(messagesStream());
  });
  await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(admitted).toEqual([
    {
      route: route(),
      traceId: expect.any(String),
      model: "model-a",
      servedModel: null,
      upstream: route().upstream.name,
      outputMax: null,
      bodyBytes: Buffer.byteLength(BODY),
      promptBytes: Buffer.byteLength(BODY),
      subagentId: null,
      streaming: true,
    },
  ]);
  expect(settled).toEqual([
    {
      reservation: "reservation-1",
      usage: MESSAGES_STREAM_USAGE,
      ending: "complete",
      outputEstimate: null,
      model: "model-a",
    },
  ]);
});

test("every chunk arrives before the next one is sent", async () => {
  const client = new EventEmitter();
  const { attempt, events } = await proxyBefore(async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of messagesStream().split(/(?<=\n\n)/)) {
      const arrival = once(client, "chunk");
      response.write(event);
      await arrival;
    }
    response.end();
  });
  const answer = await send(`${attempt.url}/v1/messages`, {
    body: BODY,
    onChunk: () => client.emit("chunk"),
  });
  expect(answer.chunks.map(String)).toEqual(messagesStream().split(/(?<=\n\n)/));
  expect(events).toHaveLength(1);
});

test("the head of an answer arrives before there is a body", async () => {
  const { attempt, proxy, events } = await proxyBefore((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY, leaveAfterBytes: 0 });
  expect(answer.status).toBe(200);
  await eventually(() => proxy.inFlight() === 0);
  expect(events).toEqual([expect.objectContaining({ is_client_gone: true, ttft_ms: null })]);
});

const REQUEST_HEADERS = [
  "X-Api-Key",
  "dummy",
  "anthropic-Beta",
  "x",
  "X-Twice",
  "a",
  "X-Twice",
  "b",
];
const ANSWER_HEADERS = [
  "Content-Type",
  "text/plain",
  "X-Twice",
  "a",
  "X-Twice",
  "b",
  "retry-after",
  "7",
];

test("headers pass in both directions as they were written, except those of the connection", async () => {
  const { attempt, upstream } = await proxyBefore((response) => {
    const connection = ["Connection", "X-Hop", "X-Hop", "1"];
    response.writeHead(200, "Fine", [...ANSWER_HEADERS, ...connection]);
    response.end("{}");
  });
  const answer = await send(`${attempt.url}/v1/messages`, {
    headers: [...REQUEST_HEADERS, "Host", "elsewhere", "Connection", "x-drop", "x-drop", "1"],
    body: "{}",
  });
  const received = upstream.requests[0]?.rawHeaders ?? [];
  expect(received.join()).toContain(REQUEST_HEADERS.join());
  expect(received).toContain(upstream.origin.slice("http://".length));
  expect(received).not.toContain("elsewhere");
  expect(received).not.toContain("x-drop");
  expect(answer.rawHeaders.join()).toContain(ANSWER_HEADERS.join());
  expect(answer.rawHeaders).not.toContain("X-Hop");
});

test("a long retry-after does not reach the client, because some clients never recover from it", async () => {
  const { attempt } = await proxyBefore((response) => {
    response.writeHead(429, { "retry-after": "3600", "content-type": "application/json" });
    response.end('{"type":"error","error":{"type":"rate_limit_error"}}');
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer.status).toBe(429);
  expect(answer.headers).not.toHaveProperty("retry-after");
});

test("a count of tokens passes, uses no tokens and asks no budget", async () => {
  const { attempt, events, admitted, upstream } = await proxyBefore((response) => {
    response.setHeader("content-type", "application/json");
    response.end('{"input_tokens":14}');
  });
  const answer = await send(`${attempt.url}/v1/messages/count_tokens`, { body: BODY });
  expect(answer.body.toString()).toBe('{"input_tokens":14}');
  expect(upstream.requests[0]?.body.toString()).toBe(BODY);
  expect(admitted).toEqual([]);
  expect(events).toEqual([
    expect.objectContaining({
      kind: "count_tokens",
      usage: null,
      prompt_tokens: null,
      status: 200,
    }),
  ]);
});

test.each([
  { method: "GET", path: "/v1/models?limit=3", kind: "other" },
  { method: "DELETE", path: "/v1/files/file_1", kind: "other" },
  { method: "POST", path: "/api/anything", kind: "unmetered", body: "a body of any kind" },
])("$method $path is passed through unread, as $kind", async ({ method, path, kind, body }) => {
  const { attempt, events, upstream } = await proxyBefore((response) => {
    response.statusCode = 201;
    response.end("made");
  });
  const answer = await send(attempt.url + path, {
    method,
    ...(body === undefined ? {} : { body, headers: { "content-length": `${body.length}` } }),
  });
  expect(answer).toMatchObject({ status: 201, isWhole: true });
  expect(upstream.requests[0]).toMatchObject({ method, url: path });
  expect(upstream.requests[0]?.body.toString()).toBe(body ?? "");
  expect(events).toEqual([
    expect.objectContaining({
      kind,
      dialect: null,
      usage: null,
      error: null,
      status: 201,
    }),
  ]);
});

test.each([
  ["", "/v1/messages", "/v1/messages"],
  ["/api/anthropic", "/v1/messages", "/api/anthropic/v1/messages"],
  ["/api/anthropic/", "/v1/messages", "/api/anthropic/v1/messages"],
  ["/v1", "/v1/messages", "/v1/messages"],
  ["/v1", "/messages", "/v1/messages"],
  ["/v1beta", "/v1beta/models/m:generateContent", "/v1beta/models/m:generateContent"],
  ["/api/paas/v4", "/v1/chat/completions?a=1", "/api/paas/v4/chat/completions?a=1"],
  ["/openai/v2", "/v1/responses", "/openai/v2/responses"],
  ["/gateway/v2", "/v1/messages", "/gateway/v2/v1/messages"],
])("an upstream at %s gets %s as %s", async (base, path, expected) => {
  const { proxy, upstream, route } = await proxyBefore((response) => {
    response.end();
  });
  const attempt = proxy.openAttempt(
    route({
      upstream: { name: "based", baseUrl: upstream.origin + base, auth: { mode: "inherit" } },
    }),
  );
  await send(attempt.url + path, { body: BODY });
  expect(upstream.requests[0]?.url).toBe(expected);
});

test("an upstream that is not a plain web address is refused when the attempt is opened", async () => {
  const { proxy, route } = await proxyBefore(() => undefined);
  for (const baseUrl of ["", "api.example.invalid", "file:///etc/passwd", "http://u:p@127.0.0.1"]) {
    const upstream = { name: "bad", baseUrl, auth: { mode: "inherit" } as const };
    expect(() => proxy.openAttempt(route({ upstream }))).toThrow('upstream "bad": expected');
  }
});

test("the keys alone distinguish the concurrent requests of two attempts", async () => {
  const { proxy, attempt, route, events } = await proxyBefore(async (response) => {
    await pause(20);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(messagesStream());
  });
  const other = proxy.openAttempt(route({ window: "W0-02", provider: "glm" }));
  await Promise.all(
    [attempt, other, attempt].map(
      async ({ url }) => await send(`${url}/v1/messages`, { body: BODY }),
    ),
  );
  expect(events.map(({ window, provider }) => `${window} ${provider}`).toSorted()).toEqual([
    "W0-01 claude",
    "W0-01 claude",
    "W0-02 glm",
  ]);
});

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
