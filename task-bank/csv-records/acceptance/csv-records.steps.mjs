import assert from "node:assert/strict";

import { Then, When, defineParameterType } from "@cucumber/cucumber";

/** In the scenarios `\n` and `\r` stand for the characters that they name. */
function textOf(shown) {
  return shown.replaceAll("\\r", "\r").replaceAll("\\n", "\n");
}

defineParameterType({ name: "text", regexp: /`([^`]*)`/, transformer: textOf });

defineParameterType({
  name: "records",
  regexp: /\[.*\]/,
  transformer: (json) => JSON.parse(json),
});

async function refusalOf(solution, text) {
  return await solution.call("readRecords", text).then(
    () => undefined,
    (error) => error,
  );
}

function assertRefused(error, line) {
  assert.equal(error?.name, "SyntaxError");
  assert.match(error.message, new RegExp(`^line ${line}: .`));
}

When("the text {text} is read", async function (text) {
  await this.solution.call("readRecords", text).then(
    (records) => (this.records = records),
    (error) => (this.error = error),
  );
});

Then("the records are {records}", function (records) {
  if (this.error !== undefined) throw this.error;
  assert.deepEqual(this.records, records);
});

Then("it is refused in line {int} with a SyntaxError", function (line) {
  assertRefused(this.error, line);
});

// A module that refuses everything, or that finds nothing, must not pass.
Then("the text {text} can be read", async function (text) {
  const records = await this.solution.call("readRecords", text);
  assert.ok(records.length > 0);
});

Then("these texts are read so:", async function (table) {
  for (const { TEXT, RECORDS } of table.hashes()) {
    const records = await this.solution.call("readRecords", textOf(TEXT.slice(1, -1)));
    assert.deepEqual(records, JSON.parse(RECORDS), TEXT);
  }
});

Then("these texts are refused:", async function (table) {
  for (const { TEXT, LINE } of table.hashes()) {
    assertRefused(await refusalOf(this.solution, textOf(TEXT.slice(1, -1))), LINE);
  }
});
