import { once } from "node:events";
import { request } from "node:http";

import { expect, test } from "vitest";

import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";

const MEGABYTE = 1024 * 1024;
const WHOLE = 64 * MEGABYTE;

test("a client that reads slowly slows the upstream down, and gets every byte", async () => {
  let written = 0;
  const { attempt, proxy } = await proxyBefore(async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const line = Buffer.alloc(MEGABYTE, `: ${"x".repeat(61)}\n`);
    while (written < WHOLE) {
      written += line.length;
      if (!response.write(line)) await once(response, "drain");
    }
    response.end('event: message_stop\ndata: {"type":"message_stop"}\n\n');
  });
  const outgoing = request(`${attempt.url}/v1/messages`, { method: "POST", agent: false });
  outgoing.end("{}");
  const [answer] = await once(outgoing, "response");

  await settledAt(() => written);
  expect(written).toBeLessThan(WHOLE / 2);
  expect(proxy.inFlight()).toBe(1);

  let received = 0;
  answer.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  await once(answer, "end");
  expect(received).toBeGreaterThan(WHOLE);
  await eventually(() => proxy.inFlight() === 0);
});

/** Waits until a number has stopped growing. */
async function settledAt(value: () => number): Promise<void> {
  let last = -1;
  await eventually(() => {
    const isSettled = value() === last && last > 0;
    last = value();
    return isSettled;
  }, 100);
}
