import assert from "node:assert/strict";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";

import { Given, Then, When } from "@cucumber/cucumber";

import { stageOf } from "./support/proxy-stage.ts";
import { STREAM } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const MESSAGES = "/v1/messages";
const BODY = '{"model":"model-a"}';
const MEGABYTE = 1_000_000;
const HTML = "<!doctype html>\n<title>Bad gateway</title>\n";
const EVENTS = { "content-type": "text/event-stream" };
const ENCODERS = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync };

Given("an upstream that streams its answer byte by byte", function (this: ExperimentWorld) {
  const bytes = Buffer.from(STREAM);
  stageOf(this).answered = bytes;
  stageOf(this).respond = (response) => {
    response.writeHead(200, EVENTS);
    for (const byte of bytes) response.write(Buffer.from([byte]));
    response.end();
  };
});

Given(
  "an upstream that streams its answer in {word}",
  function (this: ExperimentWorld, encoding: keyof typeof ENCODERS) {
    const headers = { ...EVENTS, "content-encoding": encoding };
    stageOf(this).answersWith(ENCODERS[encoding](STREAM), { headers });
  },
);

Given(
  "an upstream that says it took {tokens} tokens",
  function (this: ExperimentWorld, tokens: string) {
    const usage = `{"input_tokens":${tokens},"output_tokens":${tokens}}`;
    const answer = `{"type":"message","model":"model-a","usage":${usage}}`;
    stageOf(this).answersWith(Buffer.from(answer));
  },
);

Given("an upstream that answers {int} in HTML", function (this: ExperimentWorld, status: number) {
  const headers = { "content-type": "text/html" };
  stageOf(this).answersWith(Buffer.from(HTML), { status, headers });
});

Given("an upstream that never answers", function (this: ExperimentWorld) {
  stageOf(this).respond = () => undefined;
});

When(
  "the agent of {word} sends the body {string}",
  async function (this: ExperimentWorld, window: string, body: string) {
    await stageOf(this).ask(window, MESSAGES, { body });
    await stageOf(this).settle();
  },
);

When(
  "the agent of {word} sends a prompt of {int} megabytes",
  async function (this: ExperimentWorld, window: string, megabytes: number) {
    const body = Buffer.alloc(megabytes * MEGABYTE, " ");
    await stageOf(this).ask(window, MESSAGES, { body });
    await stageOf(this).settle();
  },
);

When(
  "the agent of {word} sends {int} headers",
  async function (this: ExperimentWorld, window: string, count: number) {
    const extra = Array.from({ length: count }, (_, index) => [`x-${String(index)}`, "v"]);
    const headers = ["host", "127.0.0.1", ...extra.flat()];
    await stageOf(this).ask(window, MESSAGES, { headers });
    await stageOf(this).settle();
  },
);

When(
  "the agent of {word} waits for {int} milliseconds and leaves",
  async function (this: ExperimentWorld, window: string, leaveAfterMs: number) {
    await stageOf(this).ask(window, MESSAGES, { body: BODY, leaveAfterMs });
    await stageOf(this).settle();
  },
);

Then("the upstream has received the body {string}", function (this: ExperimentWorld, body: string) {
  const received = stageOf(this).upstream.requests.map((request) => String(request.body));
  assert.deepEqual(received, [body]);
});
