import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";
import { parse } from "yaml";

import { openPriceBook } from "../runner/gateway/prices/price-book.ts";
import { ModelPrices } from "../runner/gateway/prices/price-list.ts";
import { stageOf } from "./support/proxy-stage.ts";
import {
  asUsage,
  messagesTelling,
  geminiParts,
  openaiTelling,
  SILENT,
} from "./support/usage-streams.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** No day's prices, so that these specs hold whatever the shipped list says. */
const NO_PRICES = { name: "shipped", models: {} };
const EVENTS = { headers: { "content-type": "text/event-stream" } };

Given("its prices are {string}", function (this: ExperimentWorld, text: string) {
  const models = ModelPrices.parse(parse(text));
  stageOf(this).prices = openPriceBook({ own: { name: "own", models }, shipped: NO_PRICES });
});

Given(
  "an upstream whose stream begins with {string} and continues with {string}",
  function (this: ExperimentWorld, opening: string, deltas: string) {
    stageOf(this).answersWith(Buffer.from(messagesTelling(opening, deltas)), EVENTS);
  },
);

Given(
  "an upstream that says by {string} that 100 of its 130 input tokens were cached",
  function (this: ExperimentWorld, path: string) {
    stageOf(this).answersWith(Buffer.from(openaiTelling(path)), EVENTS);
  },
);

Given(
  /^an upstream that says in (.*) that 100 of its 130 input tokens were cached, with 5 thoughts and 7 tokens$/,
  function (this: ExperimentWorld, form: string) {
    const [first, last] = geminiParts();
    if (form === "events") {
      stageOf(this).answersWith(Buffer.from(`data: ${first}\n\ndata: ${last}\n\n`), EVENTS);
    } else {
      stageOf(this).answersWith(
        Buffer.from(form === "one document" ? last : `[${first},\n${last}]`),
      );
    }
  },
);

Given(
  "an upstream that hangs up within a JSON array of Gemini's",
  function (this: ExperimentWorld) {
    const [first, last] = geminiParts();
    stageOf(this).respond = (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(`[${first},\n${last.slice(0, 40)}`, () => response.destroy());
    };
  },
);

Then("its row names the model {string}", function (this: ExperimentWorld, model: string) {
  const [row] = stageOf(this).rows;
  assert.deepEqual([row?.model, row?.requested_model], [model, model]);
});

Then(
  "its row is cut and has at least {int} completion tokens",
  function (this: ExperimentWorld, tokens: number) {
    const [row] = stageOf(this).rows;
    assert.deepEqual([row?.is_stream_cut, row?.completion_tokens], [true, tokens]);
  },
);

Then("its row is of the kind {string}", function (this: ExperimentWorld, kind: string) {
  assert.deepEqual(
    stageOf(this).rows.map((row) => row.kind),
    [kind],
  );
});

Given(
  /^an upstream that streams by "(.*)" and (?:never says what it took|hangs up in the middle)$/,
  function (this: ExperimentWorld, path: string) {
    const respond = SILENT[path];
    assert.ok(respond !== undefined);
    stageOf(this).respond = respond;
  },
);

Then(
  "its row's usage is {string}, by the convention {string}",
  function (this: ExperimentWorld, usage: string, convention: string) {
    const rows = stageOf(this).rows.map((row) => [row.usage, row.convention]);
    assert.deepEqual(rows, [[asUsage(usage), convention]]);
  },
);

Then(
  "its rows' tokens are {int} and {int}, twice",
  function (this: ExperimentWorld, prompt: number, completion: number) {
    const rows = stageOf(this).rows.map((row) => [row.prompt_tokens, row.completion_tokens]);
    assert.deepEqual(rows, [
      [prompt, completion],
      [prompt, completion],
    ]);
  },
);

Then(
  "its row has no tokens and no cost, but an estimate of the received tokens",
  function (this: ExperimentWorld) {
    const [row] = stageOf(this).rows;
    assert.deepEqual([row?.usage, row?.prompt_tokens, row?.completion_tokens], [null, null, null]);
    assert.equal(row?.cost_usd, null);
    assert.ok(Number(row?.completion_tokens_estimate) > 50, JSON.stringify(row));
  },
);
