import { createServer } from "node:http";

import { expect, onTestFinished, test } from "vitest";

import { listenOnLoopback } from "../../platform/http/listen-on-loopback.ts";
import { proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const MEBIBYTE = 1024 * 1024;
const INHERIT = { mode: "inherit" } as const;

/** Every byte depends on its position, so that foreign memory shows. */
function body(seed: number): Buffer {
  const numbers = Uint32Array.from({ length: MEBIBYTE / 4 }, (_, index) => index * seed);
  const text = Buffer.from(numbers.buffer).toString("base64");
  return Buffer.from(JSON.stringify({ model: "model-a", text }));
}

test("bodies whose memory is freed as they are written arrive whole, many at once", async () => {
  const { attempt, upstream } = await proxyBefore((response) => {
    response.end("{}");
  });
  const bodies = Array.from({ length: 12 }, (_, index) => body(index + 1));
  await Promise.all(
    bodies.map(async (sent) => await send(`${attempt.url}/v1/messages`, { body: sent })),
  );
  const received = upstream.requests.map((request) => request.body);
  expect(received).toHaveLength(bodies.length);
  for (const sent of bodies) expect(received.some((one) => one.equals(sent))).toBe(true);
});

test("a body stays unchanged until it is written, even if its answer has begun", async () => {
  const sent = body(7);
  const read: Buffer[] = [];
  const server = createServer((request, response) => {
    response.write("{");
    setTimeout(() => {
      request.on("data", (chunk: Buffer) => read.push(chunk));
      request.on("end", () => response.end("}"));
    }, 100);
  });
  onTestFinished(() => void server.close());
  const eager = { name: "eager", baseUrl: await listenOnLoopback(server), auth: INHERIT };
  const { proxy, route } = await proxyBefore(() => undefined);
  const address = proxy.openAttempt(route({ upstream: eager }));
  const answer = await send(`${address.url}/v1/messages`, { body: sent });
  expect(String(answer.body)).toBe("{}");
  expect(Buffer.concat(read).equals(sent)).toBe(true);
});
