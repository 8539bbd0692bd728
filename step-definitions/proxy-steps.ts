import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { Given, Then, When } from "@cucumber/cucumber";

import { stageOf } from "./support/proxy-stage.ts";
import { FIRST_EVENT, failureBody, message, sendJson, STREAM } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const MESSAGES = "/v1/messages";
/** White space, escapes, unknown fields and other scripts: what a tidy copy would lose. */
const BODY =
  '{ "model":"model-a",\n\t"x_unknown" : 1.50, "text":"Gr\\u00fc\u00dfe \u4e16\u754c"  }\n';
const ANSWER = `\n  ${message({ outputTokens: 41 })}\r\n`;

Given("a proxy that keeps budgets", async function (this: ExperimentWorld) {
  await stageOf(this).start();
  stageOf(this).open("W0-01");
});

Given("a proxy with an attempt at {word}", async function (this: ExperimentWorld, window: string) {
  await stageOf(this).start();
  stageOf(this).open(window);
});

Given(
  "a proxy with an attempt at {word} whose task may take {int} tokens",
  async function (this: ExperimentWorld, window: string, tokens: number) {
    await stageOf(this).start();
    stageOf(this).open(window, tokens);
  },
);

Given("an attempt at {word}", function (this: ExperimentWorld, window: string) {
  stageOf(this).open(window);
});

Given(
  "a proxy that puts in the key {string} for {word}",
  async function (this: ExperimentWorld, key: string, window: string) {
    await stageOf(this).start();
    stageOf(this).auth = { mode: "key", key, header: "x-api-key" };
    stageOf(this).open(window);
  },
);

Given("that attempt is over", async function (this: ExperimentWorld) {
  await stageOf(this).settle();
});

Given("an upstream that answers in JSON of its own layout", function (this: ExperimentWorld) {
  stageOf(this).answersWith(Buffer.from(ANSWER));
});

Given("an upstream that answers in gzip", function (this: ExperimentWorld) {
  stageOf(this).answersWith(gzipSync(ANSWER), { headers: { "content-encoding": "gzip" } });
});

Given(
  "an upstream that answers {int} with {string}",
  function (this: ExperimentWorld, status: number, text: string) {
    stageOf(this).answersWith(Buffer.from(failureBody(text)), { status });
  },
);

Given("an upstream whose answers contain no usage", function (this: ExperimentWorld) {
  stageOf(this).respond = (response) => sendJson(response, message());
});

Given(
  "an upstream that answers in {int} tokens, then {int}, and then hangs up",
  function (this: ExperimentWorld, outputTokens: number, status: number) {
    stageOf(this).respond = (response, _, nth) => {
      if (nth === 1) sendJson(response, message({ outputTokens }));
      else if (nth === 2) sendJson(response, failureBody("Made up."), status);
      else response.destroy();
    };
  },
);

Given(
  "an upstream that continues its stream only when the agent has received it so far",
  function (this: ExperimentWorld) {
    stageOf(this).answersStepByStep([FIRST_EVENT, STREAM.slice(FIRST_EVENT.length)]);
  },
);

Given(
  "an upstream that streams an answer whose totals grow from 3 to 41 output tokens",
  function (this: ExperimentWorld) {
    stageOf(this).respond = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end(STREAM);
    };
  },
);

Given("an upstream that begins an answer and never ends it", function (this: ExperimentWorld) {
  stageOf(this).respond = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(FIRST_EVENT);
  };
});

When("the agent asks the model", async function (this: ExperimentWorld) {
  await stageOf(this).ask("W0-01", MESSAGES, { body: '{"model":"model-a","stream":true}' });
  await stageOf(this).settle();
});

When("the agent asks the model and hangs up", async function (this: ExperimentWorld) {
  const body = JSON.stringify({ model: "model-a", system: "x".repeat(4000) });
  await stageOf(this).ask("W0-01", MESSAGES, { body, leaveAfterBytes: 1 });
  await stageOf(this).settle();
});

When(
  "the agent asks the model three times, and once more when its attempt is over",
  async function (this: ExperimentWorld) {
    const stage = stageOf(this);
    for (const body of [BODY, BODY, BODY]) await stage.ask("W0-01", MESSAGES, { body });
    await stage.settle();
    await stage.ask("W0-01", MESSAGES, { body: BODY });
  },
);

When(
  "the agent of {word} sends a body of its own layout",
  async function (this: ExperimentWorld, window: string) {
    await stageOf(this).ask(window, MESSAGES, { body: BODY });
    await stageOf(this).settle();
  },
);

When(
  "the agents of {word} and {word} ask the model",
  async function (this: ExperimentWorld, first: string, second: string) {
    await stageOf(this).ask(first, MESSAGES, { body: BODY });
    await stageOf(this).ask(second, MESSAGES, { body: BODY });
    await stageOf(this).settle();
  },
);

When(
  "the agent of {word} sends a {string} to {string}",
  async function (this: ExperimentWorld, window: string, method: string, path: string) {
    const body = method === "GET" ? {} : { body: BODY };
    await stageOf(this).ask(window, path, { method, ...body });
    await stageOf(this).settle();
  },
);

When(
  "a client asks the model with the key {string}",
  async function (this: ExperimentWorld, key: string) {
    const stage = stageOf(this);
    await stage.askAt(`${stage.proxy.origin}/w/${key}${MESSAGES}`, { body: BODY });
  },
);

When(
  "the agent of {word} asks with the credential {string}",
  async function (this: ExperimentWorld, window: string, credential: string) {
    const headers = { Authorization: `Bearer ${credential}` };
    await stageOf(this).ask(window, MESSAGES, { headers, body: BODY });
    await stageOf(this).settle();
  },
);

Then("the upstream has received that body, byte for byte", function (this: ExperimentWorld) {
  const [received] = stageOf(this).upstream.requests;
  assert.deepEqual(received?.body, Buffer.from(BODY));
});

Then("the agent has received that answer, byte for byte", function (this: ExperimentWorld) {
  assert.equal(stageOf(this).answer.isWhole, true);
  assert.deepEqual(stageOf(this).answer.body, stageOf(this).answered);
});

Then("the upstream never waited for an agent in vain", function (this: ExperimentWorld) {
  assert.equal(stageOf(this).waitsInVain, 0);
});

Then("the agent gets the status {int}", function (this: ExperimentWorld, status: number) {
  assert.equal(stageOf(this).answer.status, status);
});

Then("the agent reads {string}", function (this: ExperimentWorld, sentence: string) {
  const { error } = JSON.parse(stageOf(this).answer.body.toString());
  assert.equal(error.message, sentence);
});

Then("the upstream has received nothing", function (this: ExperimentWorld) {
  assert.deepEqual(stageOf(this).upstream.requests, []);
});

Then(
  "the upstream has received a {string} of {string}",
  function (this: ExperimentWorld, method: string, path: string) {
    const received = stageOf(this).upstream.requests.map((request) => [
      request.method,
      request.url,
    ]);
    assert.deepEqual(received, [[method, path]]);
  },
);

Then(
  "the upstream has never seen the key of {word}",
  function (this: ExperimentWorld, window: string) {
    const [received] = stageOf(this).upstream.requests;
    const seen = JSON.stringify([received?.url, received?.rawHeaders, String(received?.body)]);
    assert.ok(!seen.includes(stageOf(this).attempt(window).key), seen);
  },
);

Then(
  "the keys of {word} and {word} differ",
  function (this: ExperimentWorld, first: string, second: string) {
    assert.notEqual(stageOf(this).attempt(first).key, stageOf(this).attempt(second).key);
  },
);

Then(
  "the upstream has received the header {string} with {string}",
  function (this: ExperimentWorld, header: string, value: string) {
    const [received] = stageOf(this).upstream.requests;
    assert.equal(received?.headers[header], value);
  },
);

Then(
  "the upstream has received {string} in no header",
  function (this: ExperimentWorld, text: string) {
    const [received] = stageOf(this).upstream.requests;
    assert.ok(received !== undefined && !received.rawHeaders.join("\n").includes(text));
  },
);

Then("{int} tokens are debited for the request", function (this: ExperimentWorld, tokens: number) {
  const debits = stageOf(this).budgetRows.filter(({ record }) => record === "budget_debited");
  const deltas = debits.reduce((sum, row) => sum + Number(row["delta"]), 0);
  assert.deepEqual([deltas, debits.at(-1)?.["total"]], [tokens, tokens]);
});

Then(
  "the request is settled by an estimate of at least what was reserved",
  function (this: ExperimentWorld) {
    const [reserved, ...debits] = stageOf(this).budgetRows;
    const debited = debits.at(-1);
    assert.equal(debited?.["is_final"], true);
    assert.equal(debited["is_estimated"], true);
    const deltas = debits.reduce((sum, row) => sum + Number(row["delta"]), 0);
    assert.equal(deltas, debited["total"]);
    assert.ok(Number(reserved?.["tokens"]) > 1000);
    assert.ok(Number(debited["total"]) >= Number(reserved?.["tokens"]));
  },
);
