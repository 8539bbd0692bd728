import { randomBytes } from "node:crypto";

import { describe, expect, test } from "vitest";

import { FIRST_OUTPUT_TOKENS } from "../budgets/largest-outputs.ts";
import { EMBEDDED_BYTES_MAX, promptBytesOf } from "./embedded-data.ts";
import { cappedProxyBefore } from "./test-support/capped-proxy.ts";
import { send } from "./test-support/send.ts";

const DATA = randomBytes(300_000).toString("base64");
const URL = `data:image/png;base64,${DATA}`;

function sizes(content: unknown) {
  const body = Buffer.from(JSON.stringify({ model: "m", content, text: "x".repeat(1000) }));
  return { counted: promptBytesOf(body), whole: body.length };
}

describe("data in a request counts up to a limit", () => {
  test.each<[string, unknown]>([
    [
      "Messages",
      { type: "image", source: { type: "base64", media_type: "image/png", data: DATA } },
    ],
    ["Chat", { type: "image_url", image_url: { url: URL } }],
    ["sound in Chat", { type: "input_audio", input_audio: { data: DATA, format: "wav" } }],
    ["Responses", { type: "input_image", image_url: URL }],
    ["a file in Responses", { file_data: `data:application/pdf;base64,${DATA}` }],
    ["Gemini", { inlineData: { mimeType: "image/png", data: DATA } }],
    ["Gemini, with another alphabet", { data: DATA.replaceAll("+", "-").replaceAll("/", "_") }],
  ])("%s", (_, content) => {
    const { counted, whole } = sizes(content);
    expect(whole - counted).toBe(DATA.length - EMBEDDED_BYTES_MAX);
    const two = sizes([content, content]);
    expect(two.whole - two.counted).toBe(2 * (DATA.length - EMBEDDED_BYTES_MAX));
  });

  test("and spaces around it change nothing", () => {
    const body = Buffer.from(`{ "data" : "${DATA}" }`);
    expect(body.length - promptBytesOf(body)).toBe(DATA.length - EMBEDDED_BYTES_MAX);
  });
});

describe("all else counts by its size", () => {
  test.each<[string, unknown]>([
    ["a small picture", { data: DATA.slice(0, EMBEDDED_BYTES_MAX) }],
    ["data that is text", { data: "some words ".repeat(30_000) }],
    ["data that is no text", { data: [DATA] }],
    ["a text that is data", { type: "text", text: DATA }],
    ["a text with a picture", { type: "text", text: `<img src="${URL}">` }],
    ["a text about data", { type: "text", text: `{"data":"${DATA}"}` }],
    ["a text that names it", { type: "text", text: `'data:image/png;base64,${DATA}'` }],
  ])("%s", (_, content) => {
    const { counted, whole } = sizes(content);
    expect(counted).toBe(whole);
  });

  test("data that does not end", () => {
    const body = Buffer.from(`{"data":"${DATA}`);
    expect(promptBytesOf(body)).toBe(body.length);
  });
});

test("a first request with a large picture passes under a budget that has room for its text", async () => {
  const usage = { input_tokens: 1600, output_tokens: 10 };
  const { under } = await cappedProxyBefore((response) => {
    const answer = { type: "message", model: "m", role: "assistant", content: [], usage };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }, 20_000);
  const content = [
    { type: "image", source: { type: "base64", media_type: "image/png", data: DATA } },
    { type: "text", text: "What is this?" },
  ];
  const body = JSON.stringify({ model: "m", messages: [{ role: "user", content }] });
  expect((await send(`${under.address.url}/v1/messages`, { body })).status).toBe(200);
  await under.settled();
  const budgets = [...under.store.read("budgets")];
  const text = body.length - DATA.length;
  const tokens = Math.ceil((text + EMBEDDED_BYTES_MAX) / 4) + FIRST_OUTPUT_TOKENS;
  expect(budgets.find(({ record }) => record === "budget_reserved")).toMatchObject({ tokens });
  expect(budgets.find(({ is_final }) => is_final === true)).toMatchObject({ total: 1610 });
});
