import { connect } from "node:net";

import { expect, test } from "vitest";

import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const BODY = '{"model":"model-a"}';
const HOST = ["host", "127.0.0.1", "content-length", "0"];

test.each([
  ["says so", { "content-length": "100000000" }],
  ["does not say so", { "transfer-encoding": "chunked" }],
])("a prompt of a hundred megabytes that %s is answered and not forwarded", async (_, headers) => {
  const { attempt, events, upstream, proxy } = await proxyBefore(() => undefined);
  const answer = await send(`${attempt.url}/v1/messages`, {
    headers,
    body: Buffer.alloc(100_000_000, " "),
  });
  expect(answer.status).toBe(413);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ type: "error" });
  expect(upstream.requests).toEqual([]);
  expect(events).toEqual([expect.objectContaining({ status: 413, error: "body_too_large" })]);
  expect(proxy.inFlight()).toBe(0);
});

test("a prompt just within the bound passes as it is", async () => {
  const { attempt, upstream, admitted } = await proxyBefore(
    (response) => {
      response.end();
    },
    { bodyBytesMax: 1_000_000 },
  );
  const body = Buffer.alloc(1_000_000, "é");
  await send(`${attempt.url}/v1/messages`, { body });
  expect(upstream.requests[0]?.body.equals(body)).toBe(true);
  expect(admitted).toEqual([expect.objectContaining({ bodyBytes: 1_000_000, model: null })]);
});

test("a body that is no JSON is the upstream's to judge", async () => {
  const { attempt, upstream, events } = await proxyBefore((response) => {
    response.writeHead(400, { "content-type": "application/json" });
    response.end('{"type":"error","error":{"type":"invalid_request_error"}}');
  });
  const body = '{"model":"model-a", "messages": [';
  const answer = await send(`${attempt.url}/v1/messages`, { body });
  expect(answer.status).toBe(400);
  expect(upstream.requests[0]?.body.toString()).toBe(body);
  expect(events).toEqual([
    expect.objectContaining({ requested_model: null, error: "invalid_request_error" }),
  ]);
});

test.each([
  [501, 431],
  [10_000, 431],
])("%i headers are too many", async (count, status) => {
  const { attempt, upstream, proxy } = await proxyBefore(() => undefined);
  const headers = Array.from({ length: count }, (_, nth) => [`h${nth}`, "1"]).flat();
  const answer = await send(`${attempt.url}/v1/messages`, { headers: [...HOST, ...headers] });
  expect(answer.status).toBe(status);
  expect(upstream.requests).toEqual([]);
  expect(proxy.inFlight()).toBe(0);
});

test("four hundred headers pass, every one", async () => {
  const { attempt, upstream } = await proxyBefore((response) => {
    response.end();
  });
  const headers = Array.from({ length: 400 }, (_, nth) => [`x-h${nth}`, "1"]).flat();
  await send(`${attempt.url}/v1/messages`, { headers: [...HOST, ...headers] });
  expect(upstream.requests[0]?.headers).toHaveProperty("x-h399");
});

test.each([
  ["a head", "POST / HTTP/1.1\r\nhost: a\r\n"],
  ["a body", "POST /w/KEY/v1/messages HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{"],
])("a client that never finishes %s is dropped", async (_, begin) => {
  const { attempt, proxy, upstream } = await proxyBefore(() => undefined, { requestMs: 200 });
  const socket = connect(Number(new URL(proxy.origin).port), "127.0.0.1");
  let isClosed = false;
  socket.on("close", () => {
    isClosed = true;
  });
  socket.on("error", () => undefined);
  socket.resume();
  socket.write(begin.replace("KEY", attempt.key));
  await eventually(() => isClosed && proxy.inFlight() === 0);
  expect(upstream.requests).toEqual([]);
});

test("a request for a WebSocket gets a 426, and no row", async () => {
  const { attempt, upstream, events } = await proxyBefore(() => undefined);
  const answer = await send(`${attempt.url}/v1/responses`, {
    method: "GET",
    headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
  });
  expect(answer.status).toBe(426);
  expect(upstream.requests).toEqual([]);
  expect(events).toEqual([]);
});

test.each([
  "/v1/../admin",
  "/v1/%2e%2e/admin",
  "/./v1/messages",
  "/v1/..%2fadmin",
  "/v1/..\\admin",
])("a path that climbs is not forwarded: %s", async (path) => {
  const { attempt, upstream, events } = await proxyBefore(() => undefined);
  expect((await send(attempt.url + path, { body: BODY })).status).toBe(400);
  expect(upstream.requests).toEqual([]);
  expect(events).toEqual([expect.objectContaining({ error: "path_not_allowed" })]);
});

test.each(["//v1//messages", "/v1/messages/", "/V1/Messages", "/v1/%6dessages", "/messages"])(
  "another spelling of a path is no way around a budget: %s",
  async (path) => {
    const { attempt, upstream, admitted } = await proxyBefore((response) => {
      response.end();
    });
    await send(attempt.url + path, { body: BODY });
    expect(admitted).toHaveLength(1);
    expect(upstream.requests[0]?.url).toBe(path);
  },
);

test("bytes that are no HTTP end their connection and nothing else", async () => {
  const { attempt, proxy } = await proxyBefore((response) => {
    response.end();
  });
  const socket = connect(Number(new URL(proxy.origin).port), "127.0.0.1");
  let isClosed = false;
  socket.on("close", () => {
    isClosed = true;
  });
  socket.resume();
  socket.write("\u0016\u0003\u0001 this is TLS, or nothing\r\n\r\n");
  await eventually(() => isClosed);
  expect((await send(`${attempt.url}/v1/models`, { method: "GET" })).status).toBe(200);
});

test("all bodies together are bounded, and room comes back when a request is settled", async () => {
  const waiting: (() => void)[] = [];
  const { attempt, upstream, events, proxy } = await proxyBefore(
    (response) => void waiting.push(() => response.end("{}")),
    { heldBytesMax: 2500 },
  );
  const ask = async () =>
    await send(`${attempt.url}/v1/messages`, { body: Buffer.alloc(1000, " ") });
  const held = [ask(), ask()];
  await eventually(() => waiting.length === 2);
  expect((await ask()).status).toBe(503);
  expect(events).toMatchObject([{ status: 503, error: "held_bytes_full" }]);
  expect(upstream.requests).toHaveLength(2);
  for (const answer of waiting.splice(0)) answer();
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
  const later = ask();
  await eventually(() => waiting.length === 1);
  waiting[0]?.();
  expect((await later).status).toBe(200);
  expect(proxy.inFlight()).toBe(0);
});
