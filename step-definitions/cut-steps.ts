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
  /^a proxy where "([^"]+)" may take (\d+) tokens(, and the cut is hard)?$/u,
  async function (this: ExperimentWorld, command: string, tokens: string, isHard?: string) {
    const cut = isHard ? "hard" : "none";
    await startWithCap(this, { command, tokens: Number(tokens), cut });
  },
);

Given("an upstream that streams {int} tokens", function (this: ExperimentWorld, tokens: number) {
  const headers = { "content-type": "text/event-stream" };
  stageOf(this).answersWith(Buffer.from(longStream(tokens)), { headers });
});

Given(
  /^an upstream that streams by "([^"]+)" without end(?:, in pieces of (\d+) bytes)?$/u,
  function (this: ExperimentWorld, path: string, bytes: string | undefined) {
    stageOf(this).respond = bytes ? endless(path, Number(bytes)) : endless(path);
  },
);

When(
  /^an agent asks it (twice )?by "([^"]*)" for a stream$/u,
  async function (this: ExperimentWorld, twice: string | undefined, path: string) {
    await askForStream(this, path);
    if (twice) await askForStream(this, path);
    await stageOf(this).settle();
  },
);

When(
  /^a user gives (Claude Code|Codex) the proxy's address$/u,
  async function (this: ExperimentWorld, agent: string) {
    const { url } = stageOf(this).attempt(WINDOW);
    if (agent === "Codex") await runCodex(this, `${url}/v1`);
    else await runClaude(this, url);
  },
);

Then(
  "its last event is {string} with {string}, and every event before it is whole",
  function (this: ExperimentWorld, words: string, sentence: string) {
    assertLastEvent(this, words, sentence);
    assertWholeEvents(this);
  },
);

function assertLastEvent(world: ExperimentWorld, words: string, sentence: string): void {
  const last = eventsOf(world).at(-1) ?? "";
  for (const word of [...words.split(" "), sentence]) assert.ok(last.includes(word), last);
  assert.equal(stageOf(world).answer.isWhole, true);
}

function assertWholeEvents(world: ExperimentWorld): void {
  for (const text of atLeastOne(eventsOf(world).slice(0, -1)))
    JSON.parse(text.replace(/^event: .*\n/, "").slice("data: ".length));
}

Then(
  "the upstream's answer was broken off, and its row is cut with {string}, and is debited at least {int} tokens",
  async function (this: ExperimentWorld, error: string, tokens: number) {
    await assertBrokenOff(this);
    assertCutRow(this, error, tokens);
  },
);

async function assertBrokenOff(world: ExperimentWorld): Promise<void> {
  const [request] = stageOf(world).upstream.requests;
  // The upstream hears of it a moment later.
  await waitUntil(() => request?.isBroken() === true);
}

function assertCutRow(world: ExperimentWorld, error: string, tokens: number): void {
  const { rows, budgetRows } = stageOf(world);
  assert.deepEqual(
    rows.map((row) => [row.status, row.is_stream_cut, row.error, row.refused_by]),
    [[200, true, error, null]],
  );
  const [debit] = budgetRows.filter((row) => row["is_final"] === true);
  assert.ok(Number(debit?.["total"]) >= tokens, JSON.stringify(debit));
}

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
  const models = stageOf(this).rows.filter(({ kind }) => kind === "model");
  // Claude Code asks once more without streaming, and is refused.
  const passed = models.filter(({ refused_by: by }) => by === null);
  assert.deepEqual(
    passed.map(({ error }) => error),
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
