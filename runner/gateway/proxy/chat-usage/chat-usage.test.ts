import type { ServerResponse } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { type Respond } from "../test-support/fake-upstream.ts";
import { eventually, proxyBefore } from "../test-support/proxy-under-test.ts";
import { send } from "../test-support/send.ts";

const CHAT = "/v1/chat/completions";
const BODY = '{ "model":"m",\t"messages":[{"stream_options":{}}],  "stream" : true }\n';
const ASKED =
  '{ "model":"m",\t"messages":[{"stream_options":{}}],  "stream" : true ,"stream_options":{"include_usage":true}}\n';

const WORD = event({ choices: [{ index: 0, delta: { content: "wörd" } }], usage: null });
const STOP = event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: null });
const USAGE = event({ choices: [], usage: { prompt_tokens: 130, completion_tokens: 7 } });
const DONE = "data: [DONE]\n\n";
const SHOWN = WORD + STOP + DONE;

function event(chunk: object): string {
  return `data: ${JSON.stringify({ id: "c", model: "m", ...chunk })}\n\n`;
}

/** States the usage only to those who ask for it, in pieces of so many bytes. */
function telling(pieceBytes = 10_000): Respond {
  return async (response, { body }) => {
    const text = String(body).includes("include_usage") ? WORD + STOP + USAGE + DONE : SHOWN;
    response.writeHead(200, { "content-type": "text/event-stream" });
    await writePieces(response, text, pieceBytes);
  };
}

async function writePieces(response: ServerResponse, text: string, pieceBytes: number) {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    response.write(bytes.subarray(from, from + pieceBytes));
    await new Promise(setImmediate);
  }
  response.end();
}

/** Knows no options of a stream. */
function refusing(status: number): Respond {
  return async (response, request, nth) => {
    if (!String(request.body).includes("include_usage"))
      return await telling()(response, request, nth);
    response.writeHead(status, { "content-type": "application/json" });
    response.end('{"error":{"message":"Unknown name: stream_options","code":"invalid_value"}}');
  };
}

async function ask(respond: Respond, sent: Parameters<typeof send>[1] = {}) {
  const under = await proxyBefore(respond);
  const answer = await send(under.attempt.url + CHAT, { body: BODY, ...sent });
  await eventually(() => under.events.length === 1);
  const bodies = under.upstream.requests.map(({ body }) => String(body));
  return { ...under, bodies, answer, text: answer.body.toString() };
}

describe("a Chat stream whose client does not ask for its usage", () => {
  it("is asked for it, and every other byte of the request stays", async () => {
    const { bodies, upstream, events } = await ask(telling());
    expect(bodies).toEqual([ASKED]);
    expect(upstream.requests[0]?.headers["content-length"]).toBe(String(ASKED.length));
    expect(events).toMatchObject([{ prompt_tokens: 130, completion_tokens: 7, error: null }]);
  });

  it("is asked in plain bytes, if the client compresses its requests", async () => {
    const headers = { "content-encoding": "gzip", "accept-encoding": "gzip" };
    const { upstream, bodies } = await ask(telling(), { headers, body: gzipSync(BODY) });
    expect(bodies).toEqual([ASKED]);
    expect(upstream.requests[0]?.headers).not.toHaveProperty("content-encoding");
    expect(upstream.requests[0]?.headers).not.toHaveProperty("accept-encoding");
  });

  it.each([400, 422])("is sent again as it was, after a %i", async (status) => {
    const { attempt, upstream, bodies, answer, text, events } = await ask(refusing(status));
    expect(bodies).toEqual([ASKED, BODY]);
    expect([answer.status, text]).toEqual([200, SHOWN]);
    expect(events).toMatchObject([{ status: 200, usage: null, completion_tokens_estimate: 2 }]);
    await send(attempt.url + CHAT, { body: BODY });
    expect(upstream.requests.map(({ body }) => String(body)).slice(2)).toEqual([BODY]);
  });

  it("is still asked for it with another model of the same upstream", async () => {
    const { attempt, upstream } = await ask(refusing(400));
    const other = BODY.replace('"m"', '"other"');
    await send(attempt.url + CHAT, { body: other });
    expect(String(upstream.requests[2]?.body)).toBe(ASKED.replace('"m"', '"other"'));
  });

  it("is sent again with the client's own compressed bytes", async () => {
    const headers = { "content-encoding": "gzip" };
    const { upstream } = await ask(refusing(400), { headers, body: gzipSync(BODY) });
    const [, again] = upstream.requests;
    expect(again?.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(again?.body ?? Buffer.alloc(0)).toString()).toBe(BODY);
  });

  it("gets the second refusal, if the request itself is at fault, and is asked again next time", async () => {
    const fault = '{"error":{"message":"too long","code":"context_length_exceeded"}}';
    const { attempt, upstream, answer, text, events } = await ask((response) => {
      response.writeHead(400, { "content-type": "application/json" }).end(fault);
    });
    expect([answer.status, text]).toEqual([400, fault]);
    expect(events).toMatchObject([{ status: 400, error: "context_length_exceeded" }]);
    await send(attempt.url + CHAT, { body: BODY });
    expect(String(upstream.requests[2]?.body)).toBe(ASKED);
  });
});

describe("the client of a stream that was asked for its usage", () => {
  it.each([1, 7, 100, 10_000])("sees no chunk of a usage, in pieces of %i", async (bytes) => {
    const { text, answer } = await ask(telling(bytes));
    expect(text).toBe(SHOWN);
    expect(answer.isWhole).toBe(true);
  });

  it.each(["", "text/plain", "application/octet-stream"])(
    "sees none in events of the type '%s' either",
    async (type) => {
      const { text, events } = await ask((response) => {
        const head = type === "" ? {} : { "content-type": type };
        response.writeHead(200, head).end(WORD + STOP + USAGE + DONE);
      });
      expect(text).toBe(SHOWN);
      expect(events).toMatchObject([{ prompt_tokens: 130, completion_tokens: 7 }]);
    },
  );

  it.each([1, 7, 10_000])("sees none in lines of JSON, in pieces of %i", async (bytes) => {
    const lines = [WORD, STOP, USAGE].map((one) => `${one.slice("data: ".length).trimEnd()}\n`);
    const { text, events } = await ask(async (response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      await writePieces(response, lines.join(""), bytes);
    });
    expect(text).toBe(lines.slice(0, 2).join(""));
    expect(events).toMatchObject([{ prompt_tokens: 130, completion_tokens: 7 }]);
  });

  it("sees a document as it is", async () => {
    const choices = [{ index: 0, message: { content: "word" }, finish_reason: "stop" }];
    const document = JSON.stringify({ model: "m", choices, usage: { prompt_tokens: 1 } }, null, 1);
    const { text } = await ask((response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(document);
    });
    expect(text).toBe(document);
  });

  it("sees an error with its length", async () => {
    const { answer } = await ask((response) => {
      response.writeHead(429, { "content-length": "2" }).end("{}");
    });
    expect(answer.headers["content-length"]).toBe("2");
  });

  it("sees none at an end without a blank line either", async () => {
    const { text } = await ask((response) => {
      const type = { "content-type": "text/event-stream" };
      response.writeHead(200, type).end(`${WORD}${STOP}${USAGE.trimEnd()}`);
    });
    expect(text).toBe(WORD + STOP);
  });
});

describe("nothing is changed", () => {
  const own =
    '{"model":"m","stream":true,"stream_options":{"include_usage":true,"x":1},"messages":[]}';

  it("if the client asks itself, which then gets the usage", async () => {
    const { bodies, text } = await ask(telling(), { body: own });
    expect(bodies).toEqual([own]);
    expect(text).toBe(WORD + STOP + USAGE + DONE);
  });

  it.each([
    '{"model":"m","messages":[]}',
    '{"model":"m","stream":false}',
    '{"model":"m","stream":true,"stream_options":7}',
    '{"model":"m","stream":true',
  ])("in %s", async (body) => {
    expect((await ask(telling(), { body })).bodies).toEqual([body]);
  });
});

it.each([
  [
    '{"stream":true,"stream_options":null,"x":1}',
    '{"stream":true,"stream_options":{"include_usage":true},"x":1}',
  ],
  [
    '{"stream_options":{"include_usage":false,"y":"}"},"stream":true}',
    '{"stream_options":{"include_usage":true,"y":"}"},"stream":true}',
  ],
])("the options of %s are kept", async (body, asked) => {
  expect((await ask(telling(), { body })).bodies).toEqual([asked]);
});
