import assert from "node:assert/strict";

import { type DataTable, Then } from "@cucumber/cucumber";

import { atLeastOne } from "./support/at-least-one.ts";
import { cellAt } from "./support/match-cell.ts";
import { rowsCalled, type Windows } from "./support/rows-named.ts";
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

Then(
  "the rows of {string} are:",
  function (this: ExperimentWorld, name: string, expected: DataTable) {
    const [fields = [], ...lines] = expected.raw();
    const rows = rowsCalled(this, name).map((row, nth) =>
      fields.map((field, column) => cellAt(row, field, lines[nth]?.[column] ?? "")),
    );
    assert.deepEqual(rows, lines);
  },
);

Then(
  "the last row of {string} has:",
  function (this: ExperimentWorld, name: string, fields: DataTable) {
    assertSaid(atLeastOne(rowsCalled(this, name)).slice(-1), fields);
  },
);

Then("one row of {string} has:", function (this: ExperimentWorld, name: string, fields: DataTable) {
  const rows = rowsCalled(this, name);
  const found = rows.filter((row) =>
    fields.raw().every(([field = "", cell = ""]) => cellAt(row, field, cell) === cell),
  );
  assert.equal(found.length, 1, JSON.stringify(rows, null, 2));
});

Then(
  "every row of {string} has:",
  function (this: ExperimentWorld, name: string, fields: DataTable) {
    assertSaid(atLeastOne(rowsCalled(this, name)), fields);
  },
);

Then("{windows} has:", function (this: ExperimentWorld, windows: Windows, fields: DataTable) {
  assertSaid(windows(this), fields);
});

/** Fields and what they are, a line each. */
function assertSaid(rows: readonly object[], fields: DataTable): void {
  for (const row of rows) {
    const said = fields.raw().map(([field = "", cell = ""]) => [field, cellAt(row, field, cell)]);
    assert.deepEqual(said, fields.raw(), JSON.stringify(row, null, 2));
  }
}
