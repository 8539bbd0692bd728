import { expect, test } from "vitest";

import { messagesStream } from "./test-support/messages-stream.ts";
import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const BODY = '{"model":"model-a","stream":true}';

test("closing an attempt waits for what is in flight", async () => {
  const { attempt, proxy, upstream, events } = await proxyBefore(
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      setTimeout(() => response.end(messagesStream()), 60);
    },
    { drainMs: 240_000 },
  );
  const answer = send(`${attempt.url}/v1/messages`, { body: BODY });
  await eventually(() => upstream.requests.length === 1);
  await proxy.closeAttempt(attempt.key);
  expect(events).toEqual([expect.objectContaining({ status: 200, completion_tokens: 41 })]);
  expect(await answer).toMatchObject({ isWhole: true });
});

test("closing an attempt breaks off what does not end within the drain time", async () => {
  const { attempt, proxy, upstream, events, settled } = await proxyBefore(() => undefined);
  const answer = send(`${attempt.url}/v1/messages`, { body: BODY });
  await eventually(() => upstream.requests.length === 1);
  await proxy.closeAttempt(attempt.key);
  expect(events).toEqual([expect.objectContaining({ status: null, error: "broken_off" })]);
  expect(settled).toEqual([expect.objectContaining({ ending: "cut" })]);
  expect((await answer).status).toBe(402);
});

test("closing an idle attempt, a closed one or an unknown one ends at once", async () => {
  const { attempt, proxy } = await proxyBefore(() => undefined);
  await proxy.closeAttempt(attempt.key);
  await proxy.closeAttempt(attempt.key);
  await proxy.closeAttempt("never");
  proxy.refuseAttempt("never", { budget: "overall", sentence: "Over." });
  expect(proxy.inFlight()).toBe(0);
});

test("the first reading of a meter is the first answer's, even if a later answer ends sooner", async () => {
  const { attempt, proxy, upstream } = await proxyBefore((response, { body }) => {
    const isFirst = String(body).includes("first");
    const utilization = isFirst ? "0.02" : "0.04";
    response.writeHead(200, { "anthropic-ratelimit-unified-5h-utilization": utilization });
    response.write(" ");
    setTimeout(() => response.end("{}"), isFirst ? 150 : 0);
  });
  const url = `${attempt.url}/v1/messages`;
  const first = send(url, { body: '{"model":"first"}' });
  await eventually(() => upstream.requests.length === 1);
  await eventually(() => proxy.metersOf(attempt.key).length === 1);
  await send(url, { body: '{"model":"second"}' });
  await first;
  const used = [proxy.firstMetersOf(attempt.key), proxy.metersOf(attempt.key)].map(
    ([meter]) => meter?.used,
  );
  expect(used).toEqual([2, 4]);
});

test("stopping settles every request in any phase, and closes the port", async () => {
  const { attempt, proxy, upstream, events } = await proxyBefore((response, { url }) => {
    if (url === "/v1/messages") response.writeHead(200, { "content-type": "text/event-stream" });
    if (url === "/v1/messages") response.write(messagesStream().slice(0, 600));
  });
  const answers = [
    send(`${attempt.url}/v1/messages`, { body: BODY }),
    send(`${attempt.url}/v1/responses`, { body: BODY }),
    send(`${attempt.url}/v1/other`, { body: BODY }),
    send(`${attempt.url}/v1/messages`, { headers: { "content-length": "999" }, body: BODY }),
  ];
  await eventually(() => upstream.requests.length === 3 && proxy.inFlight() === 4);
  await proxy.stop();
  expect(events).toHaveLength(4);
  expect(proxy.inFlight()).toBe(0);
  await Promise.all(answers);
  expect((await send(`${attempt.url}/v1/messages`, { body: BODY })).status).toBe(0);
});

test("a proxy with nothing in flight stops while clients keep their connections", async () => {
  const { attempt, proxy } = await proxyBefore((response) => {
    response.end();
  });
  await fetch(`${attempt.url}/v1/models`);
  await proxy.stop();
  expect(proxy.inFlight()).toBe(0);
});
