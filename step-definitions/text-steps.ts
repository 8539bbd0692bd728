import assert from "node:assert/strict";

import { type DataTable, Then } from "@cucumber/cucumber";

import type { Text } from "./support/texts.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  "{text} {says} {string}",
  async function (this: ExperimentWorld, text: Text, isSaid: boolean, part: string) {
    const whole = await text(this);
    assert.equal(whole.includes(part), isSaid, whole);
  },
);

Then(
  "{text} {says} any of:",
  async function (this: ExperimentWorld, text: Text, isSaid: boolean, parts: DataTable) {
    const whole = await text(this);
    const found = parts
      .raw()
      .flat()
      .filter((part) => whole.includes(part));
    assert.equal(found.length > 0, isSaid, whole);
  },
);

Then(
  "{text} says/prints/holds {string} once",
  async function (this: ExperimentWorld, text: Text, part: string) {
    const whole = await text(this);
    assert.equal(whole.split(part).length, 2, whole);
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

Then(
  /^it (prints nothing|says nothing on stderr)$/u,
  function (this: ExperimentWorld, which: string) {
    assert.equal(which === "prints nothing" ? this.last.stdout : this.last.stderr, "");
  },
);
