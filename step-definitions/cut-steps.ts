import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { Given, Then, When } from "@cucumber/cucumber";

import { byHand, runClaude, runCodex } from "./support/agents-by-hand.ts";
import { endless, longStream } from "./support/endless-streams.ts";
import { stageOf } from "./support/proxy-stage.ts";
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

When("somebody gives Claude Code the proxy's address", async function (this: ExperimentWorld) {
  await runClaude(this, stageOf(this).attempt(WINDOW).url);
});

When("somebody gives Codex the proxy's address", async function (this: ExperimentWorld) {
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
  for (const text of eventsOf(this))
    JSON.parse(text.replace(/^event: .*\n/, "").slice("data: ".length));
});

Then("the upstream's answer was broken off", async function (this: ExperimentWorld) {
  const [request] = stageOf(this).upstream.requests;
  // The upstream hears of it a moment later.
  for (let waitedMs = 0; request?.isBroken() === false && waitedMs < 2000; waitedMs += 10) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    await sleep(10);
  }
  assert.equal(request?.isBroken(), true);
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

Then(
  "it ends within {int} seconds and shows {string}",
  function (this: ExperimentWorld, limitS: number, sentence: string) {
    const { exitCode, durationMs, output } = byHand(this);
    assert.ok(durationMs < limitS * 1000, output);
    assert.ok(output.includes(sentence), output);
    assert.notEqual(exitCode, 0);
  },
);

Then("the model is asked no second time", async function (this: ExperimentWorld) {
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
