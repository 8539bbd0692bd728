import { expect, test } from "vitest";

import { proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const BODY = '{"model":"m","background":true,"input":"x"}';
const QUEUED = '{"id":"resp_1","status":"queued","model":"m","usage":null}';

async function askBefore(mayPass: boolean, body = BODY) {
  const asked: string[] = [];
  const under = await proxyBefore(
    (response) => void response.writeHead(200, { "content-type": "application/json" }).end(QUEUED),
    {
      admission: {
        admit: () => ({ admitted: true, reservation: "r" }),
        settle: () => undefined,
        mayPassUncounted: (_route, path) => {
          asked.push(path);
          return mayPass;
        },
      },
    },
  );
  const answer = await send(`${under.attempt.url}/v1/responses`, { body });
  return { ...under, asked, answer };
}

test("work in the background is refused by name where a budget holds", async () => {
  const { answer, asked, upstream, events } = await askBefore(false);
  expect(answer.status).toBe(402);
  expect(upstream.requests).toEqual([]);
  expect(asked).toEqual(["POST /v1/responses (background work)"]);
  expect(events).toMatchObject([{ kind: "unmetered", status: 402, error: "uncounted_path" }]);
});

test("without one it passes, and its row has an estimate in place of a usage", async () => {
  const { answer, events } = await askBefore(true);
  expect(answer.status).toBe(200);
  expect(events).toMatchObject([{ kind: "model", status: 200, usage: null }]);
  expect(events[0]?.prompt_tokens_estimate).toBe(Math.ceil(BODY.length / 4));
});

const DONE = {
  id: "resp_A1",
  status: "completed",
  model: "m-2",
  usage: { input_tokens: 7, output_tokens: 5, total_tokens: 12 },
};
const RUNNING = { ...DONE, status: "in_progress", usage: null };

/** Asks for background work, then polls it; the upstream gives these answers in turn. */
async function poll(answers: readonly object[], polled = "/v1/responses/resp_A1") {
  const left = [...answers];
  const under = await proxyBefore((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(left.shift()));
  });
  await send(`${under.attempt.url}/v1/responses`, { body: BODY });
  for (const _ of answers.slice(1)) await send(`${under.attempt.url}${polled}`, { method: "GET" });
  return under.events.slice(1);
}

test("the poll that states the usage is counted, once", async () => {
  const rows = await poll([{ ...RUNNING, status: "queued" }, RUNNING, DONE, DONE]);
  const unread = { kind: "other", usage: null, completion_tokens_estimate: null };
  expect(rows).toMatchObject([
    unread,
    {
      background_id: "resp_A1",
      kind: "model",
      prompt_tokens: 7,
      completion_tokens: 5,
      model: "m-2",
      requested_model: "m",
    },
    unread,
  ]);
});

test("a response that no answer called running costs nothing when it is read", async () => {
  expect(await poll([RUNNING, DONE], "/v1/responses/resp_other")).toMatchObject([
    { kind: "other", usage: null },
  ]);
  expect(await poll([DONE, DONE])).toMatchObject([{ kind: "other", usage: null }]);
});

test("a stream of background work that breaks off is counted by its poll", async () => {
  const created = { type: "response.created", response: { ...RUNNING, background: true } };
  const under = await proxyBefore((response, { method }) => {
    const isPoll = method === "GET";
    response.writeHead(200, { "content-type": isPoll ? "application/json" : "text/event-stream" });
    response.end(isPoll ? JSON.stringify(DONE) : `data: ${JSON.stringify(created)}\n\n`);
  });
  await send(`${under.attempt.url}/v1/responses`, { body: BODY });
  await send(`${under.attempt.url}/v1/responses/resp_A1`, { method: "GET" });
  expect(under.events).toMatchObject([
    { kind: "model", usage: null, background_id: "resp_A1" },
    { kind: "model", prompt_tokens: 7, background_id: "resp_A1" },
  ]);
});

test("work in the foreground is not asked about", async () => {
  const { asked } = await askBefore(false, '{"model":"m","background":false,"input":"x"}');
  expect(asked).toEqual([]);
});
