import { once } from "node:events";
import { get, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { servePage } from "./serve-page.ts";

const TOKEN = "0123456789abcdef";

async function serve() {
  const server = await servePage(
    {
      page: () => Promise.resolve("<p>The page</p>"),
      papers: (place) => Promise.resolve(place === 0 ? "{}" : null),
      watch: () => () => undefined,
    },
    { port: 0, token: TOKEN },
  );
  onTestFinished(server.close);
  return server;
}

async function answerTo(url: string, options: { host?: string; method?: string } = {}) {
  const { host, method = "GET" } = options;
  const headers = host === undefined ? {} : { host };
  const asked = method === "GET" ? get(url, { headers }) : request(url, { headers, method }).end();
  const [answer]: IncomingMessage[] = await once(asked, "response");
  return answer === undefined ? "none" : `${String(answer.statusCode)} ${await text(answer)}`;
}

test.each([
  ["the page", "/", "200 <p>The page</p>"],
  ["the papers of a window", "/papers?place=0", "200 {}"],
  ["the papers of no window", "/papers?place=7", "404 There is nothing here.\n"],
  ["a place that is no number", "/papers?place=x", "404 There is nothing here.\n"],
  ["another path", "/etc/passwd", "404 There is nothing here.\n"],
])("the server answers a request for %s", async (_, place, expected) => {
  const { address } = await serve();
  const url = new URL(place, address);
  url.searchParams.set("token", TOKEN);
  expect(await answerTo(url.href)).toBe(expected);
});

const REFUSED: readonly (readonly [
  string,
  { readonly token?: string; readonly host?: string; readonly method?: string },
  string,
])[] = [
  ["a longer token", { token: `${TOKEN}0` }, "403 Refused.\n"],
  ["another token of that length", { token: "f".repeat(16) }, "403 Refused.\n"],
  ["another host", { host: "somewhere.example" }, "403 Refused.\n"],
  ["another method", { method: "POST" }, "405 Refused.\n"],
];

test.each(REFUSED)(
  "the server refuses a request with %s",
  async (_, { token = TOKEN, ...options }, expected) => {
    const { address } = await serve();
    const url = new URL(address);
    url.searchParams.set("token", token);
    expect(await answerTo(url.href, options)).toBe(expected);
  },
);
