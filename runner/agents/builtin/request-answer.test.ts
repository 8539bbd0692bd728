import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";

import { afterEach, expect, test } from "vitest";

import { type Endpoint, requestAnswer } from "./request-answer.ts";

const PROMPT = { model: "m", maxTokens: 9, system: "s", tools: [], messages: [] };
const OPEN = new AbortController().signal;
const closers: (() => unknown)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(answer: (response: ServerResponse) => void) {
  const seen: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    request.resume().on("end", () => answer(response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { api: "messages" as const, baseUrl: `http://127.0.0.1:${port}/w/key`, seen };
}

function whole(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify({ content: [{ type: "text", text: "Hi" }], stop_reason: null }));
}

test.each<{ credential: Endpoint["credential"]; header: string; value: string }>([
  { credential: { "x-api-key": "k" }, header: "x-api-key", value: "k" },
  { credential: { authorization: "Bearer t" }, header: "authorization", value: "Bearer t" },
])("the credential goes out as $header, below the address's path", async (given) => {
  const { baseUrl, seen } = await serve(whole);
  const answer = await requestAnswer(
    { api: "messages" as const, baseUrl, credential: given.credential },
    PROMPT,
    OPEN,
  );
  expect(answer).toEqual({
    content: [{ type: "text", text: "Hi" }],
    stopReason: null,
    usage: { requests: 1 },
  });
  expect(seen[0]?.url).toBe("/w/key/v1/messages");
  expect(seen[0]?.headers[given.header]).toBe(given.value);
});

test.each<{
  fault: string;
  answer: (response: ServerResponse) => void;
  says: RegExp;
  again: boolean;
}>([
  {
    fault: "a connection destroyed before the answer",
    answer: (response) => response.destroy(),
    says: /^The connection to http.* failed/,
    again: true,
  },
  {
    fault: "a stream destroyed in the middle",
    answer: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: ping\ndata: {}\n\n", () => response.destroy());
    },
    says: /^The connection to http.* failed/,
    again: true,
  },
  {
    fault: "plain text",
    answer: (response) => response.writeHead(502).end("Bad gateway"),
    says: /^502 Bad gateway$/,
    again: true,
  },
  {
    fault: "a refusal in JSON",
    answer: (response) => response.writeHead(402).end('{"error":{"message":"Cap reached."}}'),
    says: /^402 Cap reached\.$/,
    again: false,
  },
  {
    fault: "an endless error body",
    answer: (response) => response.writeHead(400).end("x".repeat(100_000)),
    says: /^400 x{500}$/,
    again: false,
  },
  {
    fault: "JSON that is not a message",
    answer: (response) => response.writeHead(200, { "content-type": "application/json" }).end("[]"),
    says: /not a message of the Messages API/,
    again: false,
  },
])("$fault is a failure, worth another try: $again", async ({ answer, says, again }) => {
  const { baseUrl } = await serve(answer);
  const asking = requestAnswer(
    { api: "messages" as const, baseUrl, credential: { "x-api-key": "k" } },
    PROMPT,
    OPEN,
  );
  await expect(asking).rejects.toMatchObject({
    message: expect.stringMatching(says),
    isRetryable: again,
  });
});

test("a refused connection is a failure worth another try", async () => {
  const endpoint = {
    api: "messages" as const,
    baseUrl: "http://127.0.0.1:9",
    credential: { "x-api-key": "k" },
  };
  await expect(requestAnswer(endpoint, PROMPT, OPEN)).rejects.toMatchObject({ isRetryable: true });
});
