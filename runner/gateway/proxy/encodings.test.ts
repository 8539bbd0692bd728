import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";

import { describe, expect, test } from "vitest";

import { messagesStream, MESSAGES_STREAM_USAGE } from "./test-support/messages-stream.ts";
import { proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const ENCODERS = [
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
  ["deflate", deflateSync],
  // Some servers leave out its header.
  ["deflate", deflateRawSync],
] as const;

const DOCUMENT = JSON.stringify({
  type: "message",
  model: "model-a",
  content: [{ type: "text", text: "Grüße ".repeat(1000) }],
  usage: { input_tokens: 5, output_tokens: 7 },
});

describe.each(ENCODERS)("an answer in %s", (encoding, encode) => {
  test.each([
    ["text/event-stream", messagesStream(), MESSAGES_STREAM_USAGE],
    ["application/json", DOCUMENT, { input_uncached: 5, output: 7, requests: 1 }],
  ])("passes encoded as %s and is read", async (contentType, text, usage) => {
    const encoded = encode(Buffer.from(text));
    const { attempt, upstream, events } = await proxyBefore(async (response) => {
      response.writeHead(200, { "content-type": contentType, "content-encoding": encoding });
      for (let at = 0; at < encoded.length; at += 50) {
        response.write(encoded.subarray(at, at + 50));
        await new Promise(setImmediate);
      }
      response.end();
    });
    const answer = await send(`${attempt.url}/v1/messages`, {
      headers: { "accept-encoding": "gzip, deflate, br, zstd" },
      body: "{}",
    });
    expect(answer.isWhole).toBe(true);
    expect(answer.body.equals(encoded)).toBe(true);
    expect(upstream.requests[0]?.headers["accept-encoding"]).toBe("gzip, deflate, br, zstd");
    expect(events).toEqual([expect.objectContaining({ usage, error: null, is_stream_cut: false })]);
  });

  test("is read as far as it came when it is cut", async () => {
    const encoded = encode(Buffer.from(messagesStream("x ".repeat(50_000))));
    const { attempt, events } = await proxyBefore((response) => {
      response.writeHead(200, {
        "content-type": "text/event-stream",
        "content-encoding": encoding,
      });
      response.write(encoded.subarray(0, encoded.length - 20), () => response.destroy());
    });
    const answer = await send(`${attempt.url}/v1/messages`, { body: "{}" });
    expect(answer.isWhole).toBe(false);
    expect(events).toEqual([
      expect.objectContaining({ is_stream_cut: true, completion_tokens: null }),
    ]);
  });

  test("that is not what it says passes, and its usage is unknown", async () => {
    const { attempt, events } = await proxyBefore((response) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding });
      response.end("these are no encoded bytes");
    });
    const answer = await send(`${attempt.url}/v1/messages`, { body: "{}" });
    expect(answer.body.toString()).toBe("these are no encoded bytes");
    expect(events).toEqual([expect.objectContaining({ usage: null, status: 200 })]);
  });
});

test("an encoding that is not known passes, and its usage is unknown", async () => {
  const { attempt, events } = await proxyBefore((response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "snappy" });
    response.end(DOCUMENT);
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: "{}" });
  expect(answer.body.toString()).toBe(DOCUMENT);
  expect(events).toEqual([expect.objectContaining({ usage: null, error: "answer_unreadable" })]);
});

test.each(ENCODERS)(
  "a request in %s passes encoded, and its facts are read",
  async (encoding, encode) => {
    const text = JSON.stringify({ messages: ["x".repeat(5000)], model: "model-a", stream: true });
    const { attempt, upstream, admitted } = await proxyBefore((response) => {
      response.end();
    });
    const encoded = encode(Buffer.from(text));
    await send(`${attempt.url}/v1/messages`, {
      headers: { "content-encoding": encoding },
      body: encoded,
    });
    expect(upstream.requests[0]?.body.equals(encoded)).toBe(true);
    expect(admitted).toEqual([
      expect.objectContaining({ model: "model-a", streaming: true, bodyBytes: text.length }),
    ]);
  },
);

test("a request that would burst when decoded is not decoded", async () => {
  const { attempt, upstream, admitted } = await proxyBefore(
    (response) => {
      response.end();
    },
    { bodyBytesMax: 100_000 },
  );
  const encoded = zstdCompressSync(Buffer.alloc(10_000_000));
  await send(`${attempt.url}/v1/messages`, {
    headers: { "content-encoding": "zstd" },
    body: encoded,
  });
  expect(admitted).toEqual([expect.objectContaining({ model: null, bodyBytes: encoded.length })]);
  expect(upstream.requests[0]?.body.equals(encoded)).toBe(true);
});
