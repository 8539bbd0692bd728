import { describe, expect, test } from "vitest";

import { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { cappedProxyBefore } from "./test-support/capped-proxy.ts";
import type { Respond } from "./test-support/fake-upstream.ts";
import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import type { ProxyWithLedger } from "./test-support/proxy-with-ledger.ts";
import { send } from "./test-support/send.ts";

const MESSAGES = "/v1/messages";
const BODY = JSON.stringify({ model: "m", max_tokens: 1000, messages: [] });

function answerOf(output: number): string {
  const usage = { input_tokens: 10, output_tokens: output };
  return JSON.stringify({ type: "message", role: "assistant", model: "m", usage });
}

/** Answers only when the test says so. */
class HeldUpstream {
  readonly #held: (() => void)[] = [];
  readonly respond: Respond = (response) => {
    this.#held.push(() => {
      response.writeHead(200, { "content-type": "application/json" }).end(answerOf(500));
    });
  };

  get waiting(): number {
    return this.#held.length;
  }

  answer(): void {
    this.#held.shift()?.();
  }
}

async function cappedBefore(respond: Respond, limit: number) {
  const capped = await cappedProxyBefore(respond, limit);
  const url = `${capped.under.address.url}${MESSAGES}`;
  return { ...capped, ask: (sent = {}) => send(url, { body: BODY, ...sent }) };
}

function rowsOf({ store }: Pick<ProxyWithLedger, "store">) {
  return [...store.read("proxy_telemetry")].map((row) => ProxiedRequest.parse(row));
}

describe("a request that only requests in flight leave no room for", () => {
  test("waits for them, and is forwarded then", async () => {
    const held = new HeldUpstream();
    const { under, upstream, ask } = await cappedBefore(held.respond, 1200);
    const answers = [ask(), ask(), ask()];
    await eventually(() => held.waiting === 1 && under.proxy.inFlight() === 3);
    expect(upstream.requests).toHaveLength(1);
    held.answer();
    // Half of the reservation was taken, so there is room for one of the two again.
    await eventually(() => held.waiting === 1);
    held.answer();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    // Their tokens leave no room for the third, whatever is in flight.
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 200, 402]);
    expect(upstream.requests).toHaveLength(2);
  });

  test("is forgotten if its client leaves", async () => {
    const held = new HeldUpstream();
    const { under, upstream, ask } = await cappedBefore(held.respond, 1800);
    const first = ask();
    await eventually(() => held.waiting === 1);
    await ask({ leaveAfterMs: 50 });
    await eventually(() => under.proxy.inFlight() === 1);
    held.answer();
    expect((await first).status).toBe(200);
    await under.settled();
    expect(rowsOf(under).map(({ error }) => error)).toEqual(["client_left", null]);
    expect(upstream.requests).toHaveLength(1);
  });

  test("is refused when its attempt ends", async () => {
    const held = new HeldUpstream();
    const { under, ask } = await cappedBefore(held.respond, 1800);
    const answers = [ask(), ask()];
    await eventually(() => held.waiting === 1 && under.proxy.inFlight() === 2);
    const closing = under.settled();
    held.answer();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    await closing;
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 402]);
  });
});

test.each([
  ["/v1/messages", { max_tokens: 700 }, 700],
  ["/v1/chat/completions", { max_tokens: 700, max_completion_tokens: 900 }, 900],
  ["/v1/responses", { max_output_tokens: 700 }, 700],
  ["/v1/responses", { max_tokens: 700 }, null],
  ["/v1/messages", { max_tokens: "700" }, null],
  ["/v1/messages", { max_tokens: 0 }, null],
  ["/v1/messages", { metadata: { max_tokens: 5 } }, null],
  ["/v1beta/models/m:generateContent", { generationConfig: { maxOutputTokens: 700 } }, 700],
  ["/v1beta/models/m:generateContent", { maxOutputTokens: 700 }, null],
])("%s with %j allows so much output: %j", async (...[at, limit, outputMax]) => {
  const { attempt, admitted } = await proxyBefore((response) => void response.end());
  await send(`${attempt.url}${at}`, { body: JSON.stringify({ model: "m", ...limit }) });
  expect(admitted[0]?.outputMax).toBe(outputMax);
});
