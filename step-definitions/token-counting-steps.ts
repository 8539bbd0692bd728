import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";
import { parse } from "yaml";

import { openPriceBook } from "../runner/gateway/prices/price-book.ts";
import { ModelPrices } from "../runner/gateway/prices/price-list.ts";
import { stageOf } from "./support/proxy-stage.ts";
import { asUsage, messagesTelling, openaiTelling, SILENT } from "./support/usage-streams.ts";
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
