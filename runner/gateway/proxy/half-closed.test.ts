import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import type { Respond } from "./test-support/fake-upstream.ts";
import { proxyBefore } from "./test-support/proxy-under-test.ts";

const BODY = JSON.stringify({ model: "m", max_tokens: 1, messages: [] });
const ANSWER = JSON.stringify({ type: "message", model: "m", usage: { output_tokens: 5 } });

/** A proxy, and a client that has written a request to it. */
async function ask(respond: Respond) {
  const under = await proxyBefore(respond);
  const { port, pathname } = new URL(under.attempt.url);
  const client = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
  const head = [`POST ${pathname}/v1/messages HTTP/1.1`, "host: proxy", "connection: close"];
  const body = ["content-type: application/json", `content-length: ${String(BODY.length)}`];
  client.write([...head, ...body, "", BODY].join("\r\n"));
  return { ...under, client };
}

test("a client that has ended its side gets the whole answer", async () => {
  const asked = Promise.withResolvers<Parameters<Respond>[0]>();
  const { client, events } = await ask((response) => asked.resolve(response));
  const upstream = await asked.promise;
  const got = text(client);
  client.end();
  await Promise.race([once(client, "data"), got]);
  upstream.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
  expect(await got).toContain(ANSWER);
  await expect.poll(() => events).toHaveLength(1);
  expect(events).toMatchObject([{ status: 200, is_client_gone: false, error: null }]);
});

test("a client that is gone is still noticed before its answer begins", async () => {
  const asked = Promise.withResolvers<void>();
  const { client, events } = await ask(() => asked.resolve());
  await asked.promise;
  client.destroy();
  await expect.poll(() => events).toHaveLength(1);
  expect(events).toMatchObject([{ status: null, is_client_gone: true, error: "client_left" }]);
});
