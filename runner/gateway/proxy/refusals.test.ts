import { describe, expect, test } from "vitest";

import { LedgerDamagedError } from "../../../ledger/store/store-errors.ts";
import type { Admission } from "./admission.ts";
import { messagesStream } from "./test-support/messages-stream.ts";
import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const BODY = '{"model":"model-a","stream":true}';
const REFUSAL = {
  budget: "implement",
  sentence: "Spending cap of implement reached. This run is over.",
};
/** What CLIENTS found that clients read as a reason to try again. */
const RETRY_WORDS =
  /\d|rate limit|too many requests|overloaded|exhausted|unavailable|server error|timeout|terminated|connection|try again/i;

/** Lets a number of requests in and refuses every other. */
function capOf(admissions: number): Admission {
  let admitted = 0;
  return {
    admit: () => {
      if (admitted >= admissions) return { admitted: false, ...REFUSAL };
      admitted += 1;
      return { admitted: true, reservation: `reservation-${admitted}` };
    },
    settle: () => undefined,
  };
}

const OPENAI_BODY = {
  error: { message: REFUSAL.sentence, type: "invalid_request_error", param: null, code: null },
};

test.each([
  {
    path: "/v1/messages?beta=true",
    status: 402,
    body: { type: "error", error: { type: "billing_error", message: REFUSAL.sentence } },
  },
  { path: "/v1/responses", status: 400, body: OPENAI_BODY },
  { path: "/v1/chat/completions", status: 402, body: OPENAI_BODY },
])("a refusal at $path has the status and form that stop the client at once", async (expected) => {
  const { attempt, events, upstream } = await proxyBefore(() => undefined, {
    admission: capOf(0),
  });
  const answer = await send(attempt.url + expected.path, { body: BODY });
  expect(answer).toMatchObject({ status: expected.status, isWhole: true });
  expect(JSON.parse(answer.body.toString())).toEqual(expected.body);
  expect(answer.headers["content-type"]).toBe("application/json");
  expect(answer.headers).not.toHaveProperty("retry-after");
  expect(upstream.requests).toEqual([]);
  expect(events).toEqual([
    expect.objectContaining({
      status: expected.status,
      refused_by: "implement",
      error: null,
      usage: null,
      backend_provider: null,
      requested_model: "model-a",
      trace_id: answer.headers["request-id"] ?? answer.headers["x-request-id"],
    }),
  ]);
});

describe("a refusal", () => {
  test("stays for every later request of the attempt, whatever it asks for", async () => {
    const { attempt, events, upstream, proxy, route } = await proxyBefore(
      (response) => {
        response.end("{}");
      },
      { admission: { admit: () => ({ admitted: false, ...REFUSAL }), settle: () => undefined } },
    );
    await send(`${attempt.url}/v1/messages`, { body: BODY });
    const later = await Promise.all(
      ["/v1/messages", "/v1/messages/count_tokens", "/v1/anything"].map(
        async (path) => await send(attempt.url + path, { body: BODY }),
      ),
    );
    expect(later.map(({ status }) => status)).toEqual([402, 402, 402]);
    expect(later.every(({ body }) => body.toString().includes(REFUSAL.sentence))).toBe(true);
    expect(upstream.requests).toEqual([]);
    expect(events.map(({ refused_by }) => refused_by)).toEqual(Array(4).fill("implement"));
    const other = proxy.openAttempt(route({ attempt: 2 }));
    expect((await send(`${other.url}/v1/other`, { body: BODY })).status).toBe(200);
  });
});

describe("a refusal from outside", () => {
  test("lets what is in flight finish, and the first one stays", async () => {
    const answered = Promise.withResolvers<void>();
    const { attempt, proxy, events, settled, upstream } = await proxyBefore(async (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(messagesStream().slice(0, 600));
      await answered.promise;
      response.end(messagesStream().slice(600));
    });
    const crossing = send(`${attempt.url}/v1/messages`, { body: BODY });
    await eventually(() => upstream.requests.length === 1);
    proxy.refuseAttempt(attempt.key, REFUSAL);
    proxy.refuseAttempt(attempt.key, { budget: "overall", sentence: "Another one." });
    const refused = await send(`${attempt.url}/v1/messages`, { body: BODY });
    expect(refused.status).toBe(402);
    expect(refused.body.toString()).toContain(REFUSAL.sentence);
    answered.resolve();
    expect(await crossing).toMatchObject({ status: 200, isWhole: true });
    await eventually(() => events.length === 2);
    expect(new Set(events.map(({ refused_by }) => refused_by))).toEqual(
      new Set(["implement", null]),
    );
    expect(settled).toHaveLength(1);
  });

  test("that falls while a request is still being sent is that request's too", async () => {
    const { attempt, proxy, upstream, admitted } = await proxyBefore(() => undefined);
    const body = "x".repeat(20_000_000);
    const sending = send(`${attempt.url}/v1/messages`, { body });
    await eventually(() => proxy.inFlight() === 1);
    proxy.refuseAttempt(attempt.key, REFUSAL);
    expect((await sending).status).toBe(402);
    expect(upstream.requests).toEqual([]);
    expect(admitted).toEqual([]);
  });
});

describe("a key", () => {
  test.each([
    ["/w/unknown/v1/messages", 402],
    ["/w/unknown/v1/responses", 400],
    ["/w/unknown", 402],
    ["/w//v1/messages", 402],
    ["/v1/messages", 402],
    ["/", 402],
    ["http://example.invalid/v1/messages", 402],
  ])("that is not in %s gets a hard stop and goes nowhere", async (path, status) => {
    const { proxy, upstream, events } = await proxyBefore(() => undefined);
    const answer = await send(`${proxy.origin}${path}`.replace(/(\d)http:/, "$1/http:"), {
      body: BODY,
    });
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).toContain("This address is not open. This run is over.");
    expect(answer.body.toString()).not.toMatch(RETRY_WORDS);
    expect(upstream.requests).toEqual([]);
    expect(events).toEqual([]);
  });

  test("is compared whole", async () => {
    const { attempt, upstream } = await proxyBefore(() => undefined);
    const keys = [attempt.url.slice(0, -1), `${attempt.url}x`, attempt.url.toUpperCase()];
    for (const url of keys) {
      const { status } = await send(url.replace("HTTP", "http").replace("/W/", "/w/"), {});
      expect(status).toBe(402);
    }
    expect(upstream.requests).toEqual([]);
  });

  test("of a closed attempt gets a hard stop, and the straggler is recorded", async () => {
    const { attempt, proxy, upstream, events } = await proxyBefore(() => undefined);
    await proxy.closeAttempt(attempt.key);
    const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
    expect(answer.status).toBe(402);
    expect(answer.body.toString()).toContain("This run is over.");
    expect(answer.body.toString()).not.toMatch(RETRY_WORDS);
    expect(upstream.requests).toEqual([]);
    expect(events).toEqual([expect.objectContaining({ refused_by: "closed", window: "W0-01" })]);
  });
});

test("a cap admits as many of many clients as it allows, and each other client gets a refusal", async () => {
  const { attempt, upstream, events, proxy } = await proxyBefore(
    async (response) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(messagesStream());
    },
    { admission: capOf(10) },
  );
  const answers = await Promise.all(
    Array.from(
      { length: 64 },
      async () => await send(`${attempt.url}/v1/messages`, { body: BODY }),
    ),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  expect(statuses.filter((status) => status === 402)).toHaveLength(54);
  expect(upstream.requests).toHaveLength(10);
  expect(events).toHaveLength(64);
  expect(proxy.inFlight()).toBe(0);
});

test("an admission that fails lets nothing through", async () => {
  const { attempt, proxy, upstream, events } = await proxyBefore(() => undefined, {
    admission: {
      admit: () => {
        throw new Error("a defect of the budgets");
      },
      settle: () => undefined,
    },
  });
  const answer = await send(`${attempt.url}/v1/messages`, { body: BODY });
  expect(answer.status).toBe(500);
  expect(answer.body.toString()).not.toContain("defect of the budgets");
  expect(upstream.requests).toEqual([]);
  expect(events).toEqual([expect.objectContaining({ error: "proxy_defect" })]);
  await expect(proxy.stop()).rejects.toThrow(AggregateError);
});

test("a ledger that can't be read is the dialect's hard stop, and stays so", async () => {
  const { attempt, proxy, upstream, events } = await proxyBefore(() => undefined, {
    admission: {
      admit: () => {
        throw new LedgerDamagedError("budgets.jsonl: row 1 is damaged.");
      },
      settle: () => undefined,
    },
  });
  const paths = ["/v1/responses", "/v1/messages", "/v1/chat/completions"];
  const statuses: number[] = [];
  for (const path of paths) {
    const answer = await send(`${attempt.url}${path}`, { body: BODY });
    statuses.push(answer.status);
    const { error } = JSON.parse(answer.body.toString());
    expect(error.message).not.toMatch(RETRY_WORDS);
    expect(error.message).toBe("What was spent can't be read. This run is over.");
    expect(answer.headers["retry-after"]).toBeUndefined();
  }
  expect(statuses).toEqual([400, 402, 402]);
  expect(upstream.requests).toEqual([]);
  expect(events.map(({ error, refused_by }) => [error, refused_by])).toEqual([
    ["ledger_unreadable", null],
    [null, "ledger"],
    [null, "ledger"],
  ]);
  await expect(proxy.stop()).rejects.toThrow("row 1 is damaged");
});
