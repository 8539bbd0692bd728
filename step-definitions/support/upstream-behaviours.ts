import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";

import { encodeNamed, streamEvents } from "../../runner/rehearsal/stream-events.ts";
import type { ProxyStage } from "./proxy-stage.ts";
import { failureBody, FIRST_EVENT, message, sendJson, STREAM } from "./upstream-answers.ts";
import { geminiParts } from "./usage-streams.ts";

const WINDOW = "W0-01";
const EVENTS = { "content-type": "text/event-stream" };
const JSON_TYPE = { "content-type": "application/json" };
const HTML = "<!doctype html>\n<title>Bad gateway</title>\n";
const ANSWER = `\n  ${message({ outputTokens: 41 })}\r\n`;
const OVERLOADED = 529;
const REFUSAL = {
  budget: "/implement",
  sentence: "Spending cap of implement reached. This run is over.",
};
const START_SUBAGENT = {
  type: "tool_use" as const,
  id: "toolu_1",
  name: "Agent",
  input: { description: "Look around", prompt: "Look around.", subagent_type: "general-purpose" },
};
const CACHED = "that 100 of its 130 input tokens were cached, with 5 thoughts and 7 tokens";

/** What the upstream before a scenario's own proxy does when it is asked. */
export const UPSTREAM_BEHAVIOURS: Readonly<Record<string, (stage: ProxyStage) => void>> = {
  "streams its answer byte by byte": (stage) => streamBytes(stage, STREAM),
  "streams its answer byte by byte, its lines ended by CRLF": (stage) =>
    streamBytes(stage, STREAM.replaceAll("\n", "\r\n")),
  "streams its answer in gzip": (stage) => streamEncoded(stage, "gzip", gzipSync(STREAM)),
  "streams its answer in br": (stage) => streamEncoded(stage, "br", brotliCompressSync(STREAM)),
  "streams its answer in zstd": (stage) => streamEncoded(stage, "zstd", zstdCompressSync(STREAM)),
  "answers in HTML with 502": (stage) =>
    stage.answersWith(Buffer.from(HTML), { status: 502, headers: { "content-type": "text/html" } }),
  "never answers": (stage) => {
    stage.respond = () => undefined;
  },
  "answers in JSON of its own layout": (stage) => stage.answersWith(Buffer.from(ANSWER)),
  "answers in gzip": (stage) =>
    stage.answersWith(gzipSync(ANSWER), { headers: { "content-encoding": "gzip" } }),
  "answers without any usage": (stage) => {
    stage.respond = (response) => sendJson(response, message());
  },
  "answers in 41 tokens, then 529, and then hangs up": (stage) => {
    stage.respond = (response, _, nth) => {
      if (nth === 1) sendJson(response, message({ outputTokens: 41 }));
      else if (nth === 2) sendJson(response, failureBody("Made up."), OVERLOADED);
      else response.destroy();
    };
  },
  "continues its stream only when the agent has received it so far": (stage) =>
    stage.answersStepByStep([FIRST_EVENT, STREAM.slice(FIRST_EVENT.length)]),
  "streams an answer whose totals grow from 3 to 41 output tokens": (stage) => {
    stage.respond = (response) => void response.writeHead(200, EVENTS).end(STREAM);
  },
  "begins an answer and never ends it": (stage) => {
    stage.respond = (response) => void response.writeHead(200, EVENTS).write(FIRST_EVENT);
  },
  "answers 529 while a budget comes to refuse the attempt": (stage) => {
    stage.respond = (response) => {
      stage.proxy.refuseAttempt(stage.attempt(WINDOW).key, REFUSAL);
      response.writeHead(OVERLOADED, JSON_TYPE).end(failureBody("Overloaded"));
    };
  },
  "lets the agent start a sub-agent, at 95000 tokens": startSubagent,
  [`says in one document ${CACHED}`]: (stage) => stage.answersWith(Buffer.from(geminiParts()[1])),
  [`says in events ${CACHED}`]: (stage) => {
    const [first, last] = geminiParts();
    stage.answersWith(Buffer.from(`data: ${first}\n\ndata: ${last}\n\n`), { headers: EVENTS });
  },
  [`says in a JSON array ${CACHED}`]: (stage) =>
    stage.answersWith(Buffer.from(`[${geminiParts().join(",\n")}]`)),
  "hangs up within a JSON array of Gemini's": (stage) => {
    const [first, last] = geminiParts();
    stage.respond = (response) => {
      response.writeHead(200, JSON_TYPE);
      response.write(`[${first},\n${last.slice(0, 40)}`, () => response.destroy());
    };
  },
};

function streamBytes(stage: ProxyStage, text: string): void {
  const bytes = Buffer.from(text);
  stage.answered = bytes;
  stage.respond = (response) => {
    response.writeHead(200, EVENTS);
    for (const byte of bytes) response.write(Buffer.from([byte]));
    response.end();
  };
}

function streamEncoded(stage: ProxyStage, encoding: string, bytes: Buffer): void {
  stage.answersWith(bytes, { headers: { ...EVENTS, "content-encoding": encoding } });
}

function startSubagent(stage: ProxyStage): void {
  const events = streamEvents({
    messageId: "msg_1",
    model: "model-a",
    blocks: [START_SUBAGENT],
    stopReason: "tool_use",
    usage: { input_uncached: 10, output: 95_000, requests: 1 },
  });
  const text = events.map(({ data }) => encodeNamed(data));
  stage.answersWith(Buffer.from(text.join("")), { headers: EVENTS });
}
