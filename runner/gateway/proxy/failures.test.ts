import { setImmediate as nextTurn } from "node:timers/promises";

import { expect, test } from "vitest";

import { messagesStream } from "./test-support/messages-stream.ts";
import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const BODY = '{"model":"model-a","stream":true}';
const SSE = { "content-type": "text/event-stream" };
const OPENING = { input_uncached: 68, cache_read: 500, cache_write_5m: 10, cache_write_1h: 20 };

test("an upstream that can't be reached is a network error, in the dialect's form", async () => {
  const { proxy, attempt, upstream, events, settled } = await proxyBefore(() => undefined);
  await upstream.stop();
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer).toMatchObject({ status: 502, isWhole: true });
  expect(JSON.parse(answer.body.toString())).toEqual({
    type: "error",
    error: { type: "api_error", message: "The model's server gave no answer." },
  });
  expect(events).toEqual([
    expect.objectContaining({
      status: 0,
      error: "ECONNREFUSED",
      usage: null,
      trace_id: answer.headers["request-id"],
    }),
  ]);
  expect(events[0]).not.toHaveProperty("prompt_tokens_estimate");
  expect(settled).toEqual([
    expect.objectContaining({ ending: "unanswered", usage: null, model: "model-a" }),
  ]);
  expect(proxy.inFlight()).toBe(0);
});

test("an upstream that resets before its head is a network error, and may have worked", async () => {
  const { attempt, events, settled } = await proxyBefore((response) => {
    response.socket?.destroy();
  });
  expect((await send(`${attempt.url}/v1/messages`, { body: BODY })).status).toBe(502);
  expect(events).toEqual([
    expect.objectContaining({ status: 0, error: "UND_ERR_SOCKET", is_stream_cut: false }),
  ]);
  expect(events[0]?.prompt_tokens_estimate).toBe(Math.ceil(BODY.length / 4));
  expect(settled).toEqual([expect.objectContaining({ ending: "lost", usage: null })]);
});

test("an upstream that speaks no HTTP is a network error", async () => {
  const { attempt, events } = await proxyBefore((response) => {
    response.socket?.end("220 smtp.example.invalid ready\r\n");
  });
  expect((await send(`${attempt.url}/v1/messages`, { body: BODY })).status).toBe(502);
  expect(events).toEqual([expect.objectContaining({ status: 0, error: expect.any(String) })]);
});

test("a stream that the upstream cuts is delivered as far as it came, then cut", async () => {
  const part = messagesStream().slice(0, 700);
  const { attempt, events, settled } = await proxyBefore((response) => {
    response.writeHead(200, SSE);
    response.write(part, () => response.destroy());
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer).toMatchObject({ status: 200, isWhole: false });
  expect(answer.body.toString()).toBe(part);
  expect(events).toEqual([
    expect.objectContaining({
      status: 200,
      error: "UND_ERR_SOCKET",
      is_stream_cut: true,
      is_client_gone: false,
      usage: { ...OPENING, requests: 1 },
      prompt_tokens: 598,
      completion_tokens: null,
    }),
  ]);
  expect(settled).toEqual([expect.objectContaining({ ending: "cut" })]);
  expect(settled[0]?.outputEstimate).toBeGreaterThanOrEqual(3);
});

test("a stream without its final event is cut, not ended: otherwise some clients ask without end", async () => {
  const part = messagesStream().split("event: message_delta")[0] ?? "";
  const { attempt, events } = await proxyBefore((response) => {
    response.writeHead(200, SSE);
    response.end(part);
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer).toMatchObject({ status: 200, isWhole: false });
  expect(answer.body.toString()).toBe(part);
  expect(events).toEqual([
    expect.objectContaining({ error: "answer_incomplete", is_stream_cut: true }),
  ]);
});

test("an error event in a stream passes, and the row has only its name", async () => {
  const error = { type: "error", error: { type: "overloaded_error", message: "secret words" } };
  const stream = `${messagesStream().slice(0, 700)}\n\nevent: error\ndata: ${JSON.stringify(error)}\n\n`;
  const { attempt, events } = await proxyBefore((response) => {
    response.writeHead(200, SSE);
    response.end(stream);
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer).toMatchObject({ status: 200, isWhole: true });
  expect(answer.body.toString()).toBe(stream);
  expect(events).toEqual([
    expect.objectContaining({ error: "overloaded_error", is_stream_cut: true }),
  ]);
  expect(JSON.stringify(events)).not.toContain("secret words");
});

test.each([
  {
    status: 429,
    type: "application/json",
    body: '{"type":"error","error":{"type":"rate_limit_error"}}',
    error: "rate_limit_error",
  },
  { status: 529, type: "application/json", body: "not json", error: "http_error" },
  { status: 502, type: "text/html", body: "<html>Bad Gateway</html>", error: "http_error" },
])("a status of $status passes as $type with its body", async (given) => {
  const { attempt, events, settled } = await proxyBefore((response) => {
    response.writeHead(given.status, { "content-type": given.type });
    response.end(given.body);
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer).toMatchObject({ status: given.status, isWhole: true });
  expect(answer.body.toString()).toBe(given.body);
  const { status, error } = given;
  expect(events).toEqual([expect.objectContaining({ status, error, usage: null })]);
  expect(settled).toEqual([expect.objectContaining({ ending: "unanswered" })]);
});

test.each([
  ["text/html", "<html>Please log in</html>", "answer_unreadable"],
  ["application/json", '{"type":"message", "usage":', "answer_incomplete"],
])(
  "an answer of %s that is no message passes, and its usage is unknown",
  async (type, body, error) => {
    const { attempt, events } = await proxyBefore((response) => {
      response.writeHead(200, { "content-type": type });
      response.end(body);
    });
    const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
    expect(answer).toMatchObject({ status: 200, isWhole: true });
    expect(answer.body.toString()).toBe(body);
    expect(events).toEqual([expect.objectContaining({ status: 200, usage: null, error })]);
  },
);

test("a client that leaves a stream does not lose its usage, if the rest comes soon", async () => {
  const left = Promise.withResolvers<void>();
  const { attempt, events, settled } = await proxyBefore(
    async (response) => {
      response.writeHead(200, SSE);
      response.write(messagesStream().slice(0, 600));
      await left.promise;
      response.end(messagesStream().slice(600));
    },
    { drainMs: 240_000 },
  );
  await send(`${attempt.url}/v1/messages`, { body: BODY, leaveAfterBytes: 1 });
  // All three sit in this process: after some turns of its loop the proxy has heard of it.
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  left.resolve();
  await eventually(() => events.length > 0);
  expect(events).toEqual([
    expect.objectContaining({ is_client_gone: true, is_stream_cut: false, completion_tokens: 41 }),
  ]);
  expect(settled).toEqual([expect.objectContaining({ ending: "complete" })]);
});

test("a client that leaves a slow stream is settled from what was seen, and the upstream is let go", async () => {
  let isLetGo = false;
  const { attempt, events, settled } = await proxyBefore((response) => {
    response.once("close", () => {
      isLetGo = true;
    });
    response.writeHead(200, SSE);
    response.write(messagesStream().slice(0, 600));
  });
  await send(`${attempt.url}/v1/messages`, { body: BODY, leaveAfterBytes: 1 });
  await eventually(() => events.length > 0 && isLetGo);
  expect(events).toEqual([
    expect.objectContaining({
      error: "client_left",
      is_client_gone: true,
      is_stream_cut: true,
      prompt_tokens: 598,
    }),
  ]);
  expect(settled).toEqual([expect.objectContaining({ ending: "cut" })]);
});

test("a client that leaves an upstream which never answers leaves no status behind", async () => {
  const { attempt, events, settled, upstream } = await proxyBefore(() => undefined);
  const left = send(`${attempt.url}/v1/messages`, { body: BODY, leaveAfterMs: 100 });
  await eventually(() => upstream.requests.length > 0);
  await left;
  await eventually(() => events.length > 0);
  expect(events).toEqual([
    expect.objectContaining({
      status: null,
      error: "client_left",
      is_client_gone: true,
      is_stream_cut: false,
    }),
  ]);
  expect(settled).toEqual([expect.objectContaining({ ending: "cut", usage: null })]);
});

test("a request whose client and upstream fail together is one row", async () => {
  const { attempt, events, settled, proxy } = await proxyBefore((response) => {
    response.writeHead(200, SSE);
    response.write(messagesStream().slice(0, 600), () => {
      setTimeout(() => response.destroy(), 5);
    });
  });
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      await send(`${attempt.url}/v1/messages`, { body: BODY, leaveAfterBytes: 1 });
    }),
  );
  await eventually(() => events.length >= 20);
  // Nothing can follow it.
  await proxy.stop();
  expect(events).toHaveLength(20);
  expect(settled).toHaveLength(20);
  expect(new Set(events.map(({ trace_id }) => trace_id)).size).toBe(20);
});

test("a client that leaves while it sends is one row, and nothing is forwarded", async () => {
  const { attempt, events, upstream, admitted } = await proxyBefore(() => undefined);
  await send(`${attempt.url}/v1/messages`, {
    headers: { "content-length": "1000" },
    body: BODY,
    leaveAfterMs: 50,
  });
  await eventually(() => events.length > 0);
  expect(events).toEqual([
    expect.objectContaining({ status: null, error: "client_left", backend_provider: null }),
  ]);
  expect(upstream.requests).toEqual([]);
  expect(admitted).toEqual([]);
});

test.each([
  [
    { input_tokens: -5, output_tokens: 7 },
    { output: 7, requests: 1 },
  ],
  [{ input_tokens: "9", output_tokens: 1.5 }, null],
  [{ input_tokens: 1e15, output_tokens: null }, null],
  ["lots", null],
  [[], null],
])("a usage of %j is believed only where it can be true", async (usage, expected) => {
  const { attempt, events } = await proxyBefore((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ type: "message", model: "model-a", usage }));
  });
  await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(events).toEqual([expect.objectContaining({ usage: expected, error: null })]);
});

test("a row that can't be written fails the stop of the proxy, and harms no request", async () => {
  const { proxy, attempt } = await proxyBefore(
    (response) => {
      response.end("{}");
    },
    {
      onRequestSettled: () => {
        throw new Error("no room for rows");
      },
    },
  );
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer.isWhole).toBe(true);
  expect(proxy.inFlight()).toBe(0);
  await expect(proxy.stop()).rejects.toThrow("The proxy has a defect");
});
