import assert from "node:assert/strict";

import { Then, When, defineParameterType } from "@cucumber/cucumber";

defineParameterType({
  name: "text",
  regexp: /`([^`]*)`/,
  transformer: (text) => text.replaceAll("\\r", "\r").replaceAll("\\n", "\n"),
});

defineParameterType({
  name: "records",
  regexp: /\[.*\]/,
  transformer: (json) => JSON.parse(json),
});

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
  assert.equal(this.error?.name, "SyntaxError");
  assert.match(this.error.message, new RegExp(`^line ${line}: .`));
});
