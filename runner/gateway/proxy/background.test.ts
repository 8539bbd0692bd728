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

test("work in the foreground is not asked about", async () => {
  const { asked } = await askBefore(false, '{"model":"m","background":false,"input":"x"}');
  expect(asked).toEqual([]);
});
