import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

function listOf(text) {
  return text.split(/,\s*/).filter((item) => item !== "");
}

async function errorOf(promise) {
  return await promise.then(
    () => undefined,
    (error) => error,
  );
}

Then("these versions are in order: {string}", async function (text) {
  const versions = listOf(text);
  for (const [place, first] of versions.entries()) {
    assert.equal(await this.solution.call("compareVersions", first, first), 0, first);
    for (const second of versions.slice(place + 1)) {
      assert.equal(await this.solution.call("compareVersions", first, second), -1, `${first} ${second}`);
      assert.equal(await this.solution.call("compareVersions", second, first), 1, `${second} ${first}`);
    }
  }
});

Then("these ranges decide:", async function (table) {
  for (const { RANGE, ALLOWED, "NOT ALLOWED": NOT_ALLOWED } of table.hashes()) {
    for (const version of ALLOWED.split(" "))
      assert.equal(await this.solution.call("satisfies", version, RANGE), true, `${RANGE} allows ${version}`);
    for (const version of NOT_ALLOWED.split(" "))
      assert.equal(await this.solution.call("satisfies", version, RANGE), false, `${RANGE} refuses ${version}`);
  }
});

Then("of {string} the best for {string} is {string}", async function (versions, range, best) {
  assert.equal(await this.solution.call("bestMatch", listOf(versions), range), best);
});

Then("there is no best of {string} for {string}", async function (versions, range) {
  assert.equal(await this.solution.call("bestMatch", listOf(versions), range), null);
});

Then("these versions are refused: {string}", async function (text) {
  for (const version of listOf(text)) {
    const error = await errorOf(this.solution.call("compareVersions", version, "1.0.0"));
    assert.equal(error?.name, "RangeError", version);
  }
});

Then("these ranges are refused: {string}", async function (text) {
  for (const range of listOf(text)) {
    const error = await errorOf(this.solution.call("satisfies", "1.2.3", range));
    assert.equal(error?.name, "RangeError", range);
  }
});

Then("an empty range is refused", async function () {
  const error = await errorOf(this.solution.call("satisfies", "1.2.3", ""));
  assert.equal(error?.name, "RangeError");
});
