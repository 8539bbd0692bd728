import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import { encodeNamed, streamEvents } from "../runner/rehearsal/stream-events.ts";
import { stageOf } from "./support/proxy-stage.ts";
import { failureBody } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

const WINDOW = "W0-01";
const BODY = '{"model":"model-a","stream":true}';
const FOREIGN = "00000000-0000-4000-8000-000000000000";
const OVERLOADED = 529;
const REFUSAL = {
  budget: "/implement",
  sentence: "Spending cap of implement reached. This run is over.",
};
/** What clients read as a reason to try again. */
const RETRY_WORDS =
  /\d|rate limit|too many requests|overloaded|exhausted|unavailable|server error|timeout|terminated|connection|try again/i;
const START_SUBAGENT = {
  type: "tool_use" as const,
  id: "toolu_1",
  name: "Agent",
  input: { description: "Look around", prompt: "Look around.", subagent_type: "general-purpose" },
};

Given(
  "an upstream that answers 529 while a budget comes to refuse the attempt",
  function (this: ExperimentWorld) {
    const stage = stageOf(this);
    stage.respond = (response) => {
      stage.proxy.refuseAttempt(stage.attempt(WINDOW).key, REFUSAL);
      response.writeHead(OVERLOADED, { "content-type": "application/json" });
      response.end(failureBody("Overloaded"));
    };
  },
);

Given(
  "an upstream that answers {int} with the header {string}",
  function (this: ExperimentWorld, status: number, header: string) {
    const [name = "", value = ""] = header.split(": ");
    const body = Buffer.from(failureBody("Not now"));
    stageOf(this).answersWith(body, { status, headers: { [name]: value } });
  },
);

Given(
  "an upstream that lets the agent start a sub-agent, at {int} tokens",
  function (this: ExperimentWorld, outputTokens: number) {
    const events = streamEvents({
      messageId: "msg_1",
      model: "model-a",
      blocks: [START_SUBAGENT],
      stopReason: "tool_use",
      usage: { input_uncached: 10, output: outputTokens, requests: 1 },
    });
    const text = events.map(({ data }) => encodeNamed(data));
    const headers = { "content-type": "text/event-stream" };
    stageOf(this).answersWith(Buffer.from(text.join("")), { headers });
  },
);

When(
  /^(a foreign|an expired) key is used to ask by "(.*)"$/,
  async function (this: ExperimentWorld, whose: string, path: string) {
    const stage = stageOf(this);
    if (whose === "an expired") await stage.settle();
    const key = whose === "an expired" ? stage.attempt(WINDOW).key : FOREIGN;
    await stage.askAt(`${stage.proxy.origin}/w/${key}${path}`, { body: BODY });
  },
);

When(
  "the main agent asks, then a sub-agent, then by {string}",
  async function (this: ExperimentWorld, path: string) {
    const headers = { "x-claude-code-agent-id": "a0123456789abcdef" };
    await stageOf(this).ask(WINDOW, "/v1/messages", { body: BODY });
    await stageOf(this).ask(WINDOW, "/v1/messages", { headers, body: BODY });
    await stageOf(this).ask(WINDOW, path, { body: BODY });
  },
);

When("the agent asks the model twice", async function (this: ExperimentWorld) {
  await stageOf(this).ask(WINDOW, "/v1/messages", { body: BODY });
  await stageOf(this).ask(WINDOW, "/v1/messages", { body: BODY });
});

Then(
  "the answer's body is {string} of {string}",
  function (this: ExperimentWorld, type: string, of: string) {
    const body = JSON.parse(String(stageOf(this).answer.body));
    assert.deepEqual([body.type, body.error.type], [type, of]);
  },
);

Then("the answer's body is an error of {string}", function (this: ExperimentWorld, type: string) {
  const { error } = JSON.parse(String(stageOf(this).answer.body));
  assert.deepEqual(error, { message: error.message, type, param: null, code: null });
});

Then("nothing in the answer suggests a retry", function (this: ExperimentWorld) {
  const { headers, body } = stageOf(this).answer;
  assert.equal(headers["retry-after"], undefined);
  assert.doesNotMatch(JSON.parse(String(body)).error.message, RETRY_WORDS);
});

Then("the answers are {int}, {int}", function (this: ExperimentWorld, one: number, two: number) {
  assertAnswers(this, [one, two]);
});

Then(
  "the answers are {int}, {int}, {int}",
  function (this: ExperimentWorld, one: number, two: number, three: number) {
    assertAnswers(this, [one, two, three]);
  },
);

Then("the ledger has one refusal by a budget", function (this: ExperimentWorld) {
  const refused = stageOf(this).budgetRows.filter(({ record }) => record === "budget_refused");
  assert.equal(refused.length, 1);
});

Then("one request is refused, none of them a sub-agent's", function (this: ExperimentWorld) {
  assert.deepEqual(refusedSenders(this), ["main"]);
});

Then("the sub-agent and the main agent are refused, once each", function (this: ExperimentWorld) {
  assert.deepEqual(refusedSenders(this), ["sub-agent", "main"]);
});

function assertAnswers(world: ExperimentWorld, statuses: readonly number[]): void {
  assert.deepEqual(
    stageOf(world).answers.map(({ status }) => status),
    statuses,
  );
}

/** The refused senders of model requests, in order. */
function refusedSenders(world: ExperimentWorld): readonly string[] {
  return stageOf(world)
    .rows.filter(({ refused_by: refusedBy, kind }) => refusedBy !== null && kind === "model")
    .map(({ subagent_id: subagent }) => (subagent === null ? "main" : "sub-agent"));
}

Then(
  /^the agent reads the header "(.*)": (yes|no)$/,
  function (this: ExperimentWorld, header: string, isRead: string) {
    const [name = "", value] = header.split(": ");
    assert.equal(stageOf(this).answer.headers[name], isRead === "yes" ? value : undefined);
  },
);
