import { describe, expect, test } from "vitest";

import { cappedProxyBefore } from "./test-support/capped-proxy.ts";
import type { Respond } from "./test-support/fake-upstream.ts";
import { eventually, proxyBefore } from "./test-support/proxy-under-test.ts";
import { send } from "./test-support/send.ts";

const CHAT = "/v1/chat/completions";
const TEXT = "word ".repeat(800);
const BODY = JSON.stringify({ model: "m", stream: true, messages: [] });

function answering(type: string, text: string): Respond {
  return (response) => void response.writeHead(200, { "content-type": type }).end(text);
}

const chunk = { id: "c", model: "m", choices: [{ index: 0, delta: { content: TEXT } }] };
const STREAM = `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;

test("a budget ends streams that never state their usage", async () => {
  const { under, upstream } = await cappedProxyBefore(
    answering("text/event-stream", STREAM),
    20_000,
  );
  const statuses: number[] = [];
  for (let nth = 0; nth < 50; nth += 1) {
    const { status } = await send(`${under.address.url}${CHAT}`, { body: BODY });
    statuses.push(status);
  }
  await under.settled();
  const allowed = statuses.filter((status) => status === 200).length;
  // Each request takes a thousand tokens of text, and a few of its own.
  expect(allowed).toBeGreaterThan(10);
  expect(allowed).toBeLessThanOrEqual(20);
  expect(upstream.requests).toHaveLength(allowed);
  const debits = [...under.store.read("budgets")].filter(({ is_final }) => is_final === true);
  for (const debit of debits.filter(({ unit }) => unit === undefined)) {
    expect(debit).toMatchObject({ is_estimated: true });
  }
});

test("a budget ends requests whose upstream hangs up before it answers", async () => {
  const { under, upstream } = await cappedProxyBefore((response) => {
    response.socket?.destroy();
  }, 20_000);
  const body = JSON.stringify({ model: "m", max_tokens: 1000, messages: [TEXT] });
  const statuses: number[] = [];
  for (let nth = 0; nth < 30; nth += 1) {
    statuses.push((await send(`${under.address.url}/v1/messages`, { body })).status);
  }
  await under.settled();
  const prompt = Math.ceil(body.length / 4);
  const allowed = statuses.filter((status) => status === 502).length;
  expect(allowed).toBe(Math.floor((20_000 - 1000) / prompt));
  expect(upstream.requests).toHaveLength(allowed);
  const debits = [...under.store.read("budgets")].filter(({ is_final }) => is_final === true);
  for (const debit of debits.filter(({ unit }) => unit === undefined)) {
    expect(debit).toMatchObject({ is_estimated: true, total: prompt });
  }
});

const message = { type: "message", role: "assistant", model: "m" };

describe("an answer without a usage is estimated by its text", () => {
  test.each<[string, string, string, string]>([
    ["a Chat stream", CHAT, "text/event-stream", STREAM],
    [
      "a Chat document",
      CHAT,
      "application/json",
      JSON.stringify({ ...chunk, choices: [{ message: { content: TEXT } }] }),
    ],
    [
      "a Chat document that is cut",
      CHAT,
      "application/json",
      JSON.stringify({ ...chunk, choices: [{ message: { content: TEXT } }] }).slice(0, -3),
    ],
    [
      "a Messages stream that states its output at the opening only",
      "/v1/messages",
      "text/event-stream",
      [
        { type: "message_start", message: { ...message, usage: { output_tokens: 1 } } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: TEXT } },
        { type: "message_delta", delta: { stop_reason: "end_turn" } },
        { type: "message_stop" },
      ]
        .map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
        .join(""),
    ],
    [
      "a Messages document",
      "/v1/messages",
      "application/json",
      JSON.stringify({ ...message, content: [{ type: "text", text: TEXT }] }),
    ],
    [
      "a Responses stream",
      "/v1/responses",
      "text/event-stream",
      [
        { type: "response.output_text.delta", delta: TEXT },
        { type: "response.completed", response: { model: "m" } },
      ]
        .map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)
        .join(""),
    ],
    ["a text of no known form", CHAT, "text/plain", TEXT],
    ["a page in place of JSON", CHAT, "application/json", `<p>${TEXT}</p>`],
  ])("%s", async (...[, at, type, text]) => {
    const { events, settled, attempt } = await proxyBefore(answering(type, text));
    await send(`${attempt.url}${at}`, { body: BODY });
    await eventually(() => events.length === 1);
    const [row] = events;
    expect(row?.completion_tokens_estimate).toBeGreaterThanOrEqual(1000);
    expect(row?.completion_tokens_estimate).toBeLessThan(1100);
    expect(row?.prompt_tokens_estimate).toBe(Math.ceil(BODY.length / 4));
    expect(settled[0]?.outputEstimate).toBe(row?.completion_tokens_estimate);
  });
});
