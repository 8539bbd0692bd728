import { expect, test } from "vitest";

import { proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const SECRET = "sk-real-key-of-the-provider";
const CLIENTS = {
  "x-api-key": "of-the-client",
  authorization: "Bearer of-the-client",
  cookie: "session=of-the-client",
  "x-goog-api-key": "of-the-client",
};

test("an inherited credential passes as the client sent it", async () => {
  const { attempt, upstream } = await proxyBefore((response) => {
    response.end("{}");
  });
  await send(`${attempt.url}/v1/messages`, { headers: CLIENTS, body: "{}" });
  expect(upstream.requests[0]?.headers).toMatchObject(CLIENTS);
});

test.each([
  ["x-api-key", { "x-api-key": SECRET }],
  ["bearer", { authorization: `Bearer ${SECRET}` }],
] as const)("a key as %s replaces every credential of the client", async (header, expected) => {
  const { attempt, upstream } = await proxyBefore(
    (response) => {
      response.end("{}");
    },
    { auth: { mode: "key", key: SECRET, header } },
  );
  await send(`${attempt.url}/v1/messages`, { headers: CLIENTS, body: "{}" });
  expect(upstream.requests[0]?.headers).toMatchObject(expected);
  expect(JSON.stringify(upstream.requests[0]?.rawHeaders)).not.toContain("of-the-client");
});

test("no event and no answer of ours contains a key, whatever goes wrong", async () => {
  const { attempt, upstream, events, proxy } = await proxyBefore(
    (response) => {
      response.socket?.destroy();
    },
    { auth: { mode: "key", key: SECRET, header: "bearer" } },
  );
  const headers = { authorization: "Bearer of-the-client" };
  const reset = await send(`${attempt.url}/v1/messages`, { headers, body: "{}" });
  proxy.refuseAttempt(attempt.key, { budget: "implement", sentence: "Over." });
  const refused = await send(`${attempt.url}/v1/messages`, { headers, body: "{}" });
  await upstream.stop();
  const told = JSON.stringify([events, [reset, refused].map(({ body }) => body.toString())]);
  expect(events).toHaveLength(2);
  for (const secret of [SECRET, "of-the-client", attempt.key]) expect(told).not.toContain(secret);
});
