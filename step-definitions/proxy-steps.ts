import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import { lastAnswer } from "./support/last-answer.ts";
import { stageOf } from "./support/proxy-stage.ts";
import { failureBody } from "./support/upstream-answers.ts";
import { UPSTREAM_BEHAVIOURS } from "./support/upstream-behaviours.ts";
import type { ExperimentWorld } from "./support/world.ts";

const MESSAGES = "/v1/messages";
/** White space, escapes, unknown fields and other scripts: what a tidy copy would lose. */
const BODY =
  '{ "model":"model-a",\n\t"x_unknown" : 1.50, "text":"Gr\\u00fc\u00dfe \u4e16\u754c"  }\n';
Given(
  /^a proxy with an attempt at (\S+)(?: whose task may take (\d+) tokens)?$/u,
  async function (this: ExperimentWorld, window: string, tokens: string | undefined) {
    await stageOf(this).start();
    stageOf(this).open(window, tokens ? Number(tokens) : null);
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

Given("an upstream that {upstream}", function (this: ExperimentWorld, behaviour: string) {
  UPSTREAM_BEHAVIOURS[behaviour]?.(stageOf(this));
});

Given(
  /^an upstream that answers (\d+) with (the header )?"([^"]*)"$/u,
  function (this: ExperimentWorld, status: string, isHeader: string | undefined, said: string) {
    const [name = "", value = ""] = said.split(": ");
    const headers = isHeader ? { [name]: value } : {};
    const body = Buffer.from(failureBody(isHeader ? "Not now" : said));
    stageOf(this).answersWith(body, { status: Number(status), headers });
  },
);

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

Then(
  "the agent has received that answer without the chunk of its usage",
  function (this: ExperimentWorld) {
    const { answer, answered } = stageOf(this);
    const events = String(answered).split(/(?<=\n\n)/u);
    const shown = events.filter((event) => !event.includes('"choices":[]'));
    assert.equal(shown.length, events.length - 1);
    assert.equal(String(answer.body), shown.join(""));
  },
);

Then("the upstream never waited for an agent in vain", function (this: ExperimentWorld) {
  assert.equal(stageOf(this).waitsInVain, 0);
});

Then(
  /^(?:the|that) agent gets the status (\d+)(?: and reads "(.*)")?$/u,
  function (this: ExperimentWorld, status: string, sentence: string | undefined) {
    const { status: got, body } = lastAnswer(this);
    assert.equal(got, Number(status));
    if (sentence) assert.equal(JSON.parse(String(body)).error.message, sentence);
  },
);

Then("the agent reads {string}", function (this: ExperimentWorld, sentence: string) {
  const { error } = JSON.parse(String(lastAnswer(this).body));
  assert.equal(error.message, sentence);
});

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
