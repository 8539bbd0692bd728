import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

import { stageOf } from "./support/proxy-stage.ts";
import type { ExperimentWorld } from "./support/world.ts";

const WINDOW = "W0-01";
const BODY = '{"model":"model-a","stream":true}';
const FOREIGN = "00000000-0000-4000-8000-000000000000";
/** What clients read as a reason to try again. */
const RETRY_WORDS =
  /\d|rate limit|too many requests|overloaded|exhausted|unavailable|server error|timeout|terminated|connection|try again/i;
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

Then(/^the answers are (\d+(?:, \d+)*)$/u, function (this: ExperimentWorld, statuses: string) {
  const answered = stageOf(this).answers.map(({ status }) => status);
  assert.equal(answered.join(", "), statuses);
});

Then("the ledger has one refusal by a budget", function (this: ExperimentWorld) {
  const refused = stageOf(this).budgetRows.filter(({ record }) => record === "budget_refused");
  assert.equal(refused.length, 1);
});

Then("the refused requests are of {string}", function (this: ExperimentWorld, senders: string) {
  assert.equal(refusedSenders(this).join(", "), senders);
});

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
