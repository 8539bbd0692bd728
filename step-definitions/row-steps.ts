import assert from "node:assert/strict";

import { type DataTable, Then } from "@cucumber/cucumber";

import { cellAt } from "./support/match-cell.ts";
import { type Rows, rowsCalled } from "./support/rows-named.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  "the ledger has {int} row(s) of {string}",
  function (this: ExperimentWorld, count: number, name: string) {
    assert.equal(rowsCalled(this, name).length, count);
  },
);

Then("the ledger has rows of {string}", function (this: ExperimentWorld, name: string) {
  assert.notEqual(rowsCalled(this, name).length, 0);
});

Then("one row of {string} has:", function (this: ExperimentWorld, name: string, fields: DataTable) {
  const rows = rowsCalled(this, name);
  const found = rows.filter((row) =>
    fields.raw().every(([field = "", cell = ""]) => cellAt(row, field, cell) === cell),
  );
  assert.equal(found.length, 1, JSON.stringify(rows, null, 2));
});

/** A line for each row. */
Then("{rows} are:", async function (this: ExperimentWorld, rows: Rows, expected: DataTable) {
  const [fields = [], ...lines] = expected.raw();
  const said = (await rows(this)).map((row, nth) =>
    fields.map((field, column) => cellAt(row, field, lines[nth]?.[column] ?? "")),
  );
  assert.deepEqual(said, lines);
});

/** Fields and what they are in each row, a line each. */
Then("{rows} has:", async function (this: ExperimentWorld, rows: Rows, fields: DataTable) {
  for (const row of await rows(this)) {
    const said = fields.raw().map(([field = "", cell = ""]) => [field, cellAt(row, field, cell)]);
    assert.deepEqual(said, fields.raw(), JSON.stringify(row, null, 2));
  }
});
