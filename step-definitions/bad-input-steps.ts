import assert from "node:assert/strict";
import { connect } from "node:net";

import { Given, Then, When } from "@cucumber/cucumber";

import { stageOf } from "./support/proxy-stage.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const MESSAGES = "/v1/messages";
const BODY = '{"model":"model-a"}';
const MEGABYTE = 1_000_000;
Given(
  "a proxy that waits {int} milliseconds for a request, with an attempt at {word}",
  async function (this: ExperimentWorld, requestMs: number, window: string) {
    stageOf(this).requestMs = requestMs;
    await stageOf(this).start();
    stageOf(this).open(window);
  },
);

Given("an upstream that reports {tokens} tokens", function (this: ExperimentWorld, tokens: string) {
  const usage = `{"input_tokens":${tokens},"output_tokens":${tokens}}`;
  const answer = `{"type":"message","model":"model-a","usage":${usage}}`;
  stageOf(this).answersWith(Buffer.from(answer));
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
    const stage = stageOf(this);
    await stage.ask(window, MESSAGES, { body: BODY, leaveAfterMs });
    // The end of an attempt would be another reason for the request's end.
    await waitUntil(() => stage.proxy.inFlightOf(stage.attempt(window).key) === 0);
    await stage.settle();
  },
);

When(
  "the agent of {word} begins a prompt and never ends it",
  async function (this: ExperimentWorld, window: string) {
    const { url } = stageOf(this).attempt(window);
    slow.set(this, await trickle(`${url}${MESSAGES}`));
  },
);

When("a client asks the proxy for {string}", async function (this: ExperimentWorld, url: string) {
  const { port } = new URL(stageOf(this).proxy.origin);
  const answer = await trickle(url, { port, body: BODY });
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  stageOf(this).answers.push({
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0),
    headers: {},
    rawHeaders: [],
    chunks: [],
    body: Buffer.from(body),
    isWhole: true,
  });
});

Then("its connection is closed, with 408 or without an answer", function (this: ExperimentWorld) {
  assert.match(slow.get(this) ?? "none", /^(?:HTTP\/1\.1 408 |$)/);
});

Then("no other client has to wait", async function (this: ExperimentWorld) {
  stageOf(this).answersWith(Buffer.from("{}"));
  await stageOf(this).ask("W0-02", MESSAGES, { body: BODY });
  assert.equal(stageOf(this).answer.status, 200);
});

/** What a client got that never ended its prompt. */
const slow = new WeakMap<ExperimentWorld, string>();

/**
 * Everything that comes back on a connection of its own until it is closed: with a body for a
 * request as given, without one for a request whose body never ends.
 */
async function trickle(
  url: string,
  whole?: { readonly port: string; readonly body: string },
): Promise<string> {
  const { host, port, pathname } = new URL(url);
  const socket = connect({ host: "127.0.0.1", port: Number(whole?.port ?? port) });
  const target = whole === undefined ? pathname : url;
  const length = whole === undefined ? MEGABYTE : whole.body.length;
  const head = `POST ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-length: ${String(length)}\r\n\r\n`;
  const received: Buffer[] = [];
  return await new Promise((resolve) => {
    socket.write(head + (whole?.body ?? "{"));
    const timer = setInterval(() => {
      if (whole === undefined) socket.write(" ");
    }, 20);
    socket.on("data", (bytes: Buffer) => received.push(bytes));
    socket.on("error", () => undefined);
    socket.once("close", () => {
      clearInterval(timer);
      resolve(Buffer.concat(received).toString());
    });
  });
}
