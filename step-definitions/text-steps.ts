import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import type { Text } from "./support/texts.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  "{text} says/prints/holds {string}",
  async function (this: ExperimentWorld, text: Text, part: string) {
    const whole = await text(this);
    assert.ok(whole.includes(part), whole);
  },
);

Then(
  "{text} does not say/print/hold {string}",
  async function (this: ExperimentWorld, text: Text, part: string) {
    const whole = await text(this);
    assert.ok(!whole.includes(part), whole);
  },
);

Then(
  "{text} has the line {string}",
  async function (this: ExperimentWorld, text: Text, line: string) {
    const whole = await text(this);
    assert.ok(whole.split("\n").includes(line), whole);
  },
);

Then(
  "{text} begins with the line {string}",
  async function (this: ExperimentWorld, text: Text, line: string) {
    const [first] = (await text(this)).split("\n", 1);
    assert.equal(first, line);
  },
);

Then("{text} is:", async function (this: ExperimentWorld, text: Text, expected: string) {
  assert.equal(await text(this), `${expected}\n`);
});
