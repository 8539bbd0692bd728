import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import { byHand, runClaude, runCodex } from "./support/agents-by-hand.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { endless, longStream } from "./support/endless-streams.ts";
import { stageOf } from "./support/proxy-stage.ts";
import { waitUntil } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const WINDOW = "W0-01";

Given(
  "a proxy where {string} may take {int} tokens",
  async function (this: ExperimentWorld, command: string, tokens: number) {
    await startWithCap(this, { command, tokens, cut: "none" });
  },
);

Given(
  "a proxy where {string} may take {int} tokens, and the cut is hard",
  async function (this: ExperimentWorld, command: string, tokens: number) {
    await startWithCap(this, { command, tokens, cut: "hard" });
  },
);

Given("an upstream that streams {int} tokens", function (this: ExperimentWorld, tokens: number) {
  const headers = { "content-type": "text/event-stream" };
  stageOf(this).answersWith(Buffer.from(longStream(tokens)), { headers });
});

Given(
  "an upstream that streams by {string} without end",
  function (this: ExperimentWorld, path: string) {
    stageOf(this).respond = endless(path);
  },
);

Given(
  "an upstream that streams by {string} without end, in pieces of {int} bytes",
  function (this: ExperimentWorld, path: string, bytes: number) {
    stageOf(this).respond = endless(path, bytes);
  },
);

When(
  "an agent asks it by {string} for a stream",
  async function (this: ExperimentWorld, path: string) {
    await askForStream(this, path);
    await stageOf(this).settle();
  },
);

When(
  "an agent asks it twice by {string} for a stream",
  async function (this: ExperimentWorld, path: string) {
    await askForStream(this, path);
    await askForStream(this, path);
  },
);

When("a user gives Claude Code the proxy's address", async function (this: ExperimentWorld) {
  await runClaude(this, stageOf(this).attempt(WINDOW).url);
});

When("a user gives Codex the proxy's address", async function (this: ExperimentWorld) {
  await runCodex(this, `${stageOf(this).attempt(WINDOW).url}/v1`);
});

Then(
  "its last event is {string} with {string}",
  function (this: ExperimentWorld, words: string, sentence: string) {
    const last = eventsOf(this).at(-1) ?? "";
    for (const word of [...words.split(" "), sentence]) assert.ok(last.includes(word), last);
    assert.equal(stageOf(this).answer.isWhole, true);
  },
);

Then("every event before it is whole", function (this: ExperimentWorld) {
  for (const text of atLeastOne(eventsOf(this).slice(0, -1)))
    JSON.parse(text.replace(/^event: .*\n/, "").slice("data: ".length));
});

Then("the upstream's answer was broken off", async function (this: ExperimentWorld) {
  const [request] = stageOf(this).upstream.requests;
  // The upstream hears of it a moment later.
  await waitUntil(() => request?.isBroken() === true);
});

Then(
  "its row is cut with {string}, and is debited at least {int} tokens",
  function (this: ExperimentWorld, error: string, tokens: number) {
    const { rows, budgetRows } = stageOf(this);
    assert.deepEqual(
      rows.map((row) => [row.status, row.is_stream_cut, row.error, row.refused_by]),
      [[200, true, error, null]],
    );
    const [debit] = budgetRows.filter((row) => row["is_final"] === true);
    assert.ok(Number(debit?.["total"]) >= tokens, JSON.stringify(debit));
  },
);

Then("the upstream has received {int} request(s)", function (this: ExperimentWorld, count: number) {
  assert.equal(stageOf(this).upstream.requests.length, count);
});

Then("it ends by itself and shows {string}", function (this: ExperimentWorld, sentence: string) {
  const { exitCode, output } = byHand(this);
  assert.ok(output.includes(sentence), output);
  assert.ok(exitCode > 0, String(exitCode));
});

Then("the model gets no second request", async function (this: ExperimentWorld) {
  await stageOf(this).settle();
  assert.deepEqual(
    stageOf(this)
      .rows.filter(({ kind }) => kind === "model")
      .map(({ error }) => error),
    ["budget_cut"],
  );
});

async function startWithCap(
  world: ExperimentWorld,
  cap: { readonly command: string; readonly tokens: number; readonly cut: "none" | "hard" },
): Promise<void> {
  const stage = stageOf(world);
  stage.limits = {
    ...stage.limits,
    cut: cap.cut,
    limits: [{ scope: "command", name: cap.command, unit: "tokens", limit: cap.tokens }],
  };
  await stage.start();
  stage.open(WINDOW);
}

async function askForStream(world: ExperimentWorld, path: string): Promise<void> {
  const body = JSON.stringify({ model: "model-a", stream: true });
  await stageOf(world).ask(WINDOW, path, { body });
}

function eventsOf(world: ExperimentWorld): readonly string[] {
  const text = stageOf(world).answer.body.toString();
  return text.split("\n\n").filter((one) => one !== "");
}
