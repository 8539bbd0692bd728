import assert from "node:assert/strict";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import { figuresOf, marksByLine } from "./support/affected-marks.ts";
import { addRow } from "./support/corrections.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { figuresText, reportText } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "an anomaly of the kind {string} that affects {string}",
  async function (this: ExperimentWorld, kind: string, touched: string) {
    const experiment_id = finalRows(this)[0]?.experiment_id;
    await addRow(this, "anomalies", {
      record: "anomaly_recorded",
      experiment_id,
      kind,
      touches: [touched],
      observed: {},
      action: "Nothing was done.",
    });
  },
);

Then(
  /^the (preview|report)'s lines carry these marks:$/u,
  function (this: ExperimentWorld, which: string, table: DataTable) {
    const text = which === "report" ? reportText(this) : this.last.stdout;
    assert.deepEqual(marksByLine(text, table), table.rows());
  },
);

Then(
  "every figure in the report's rows of {string} and {string} is marked with {string}",
  function (this: ExperimentWorld, window: string, provider: string, mark: string) {
    const figures = figuresOf(figuresText(this), [window, provider]);
    assert.ok(figures.length > 0);
    assert.deepEqual(
      figures.filter((figure) => !figure.endsWith(mark)),
      [],
    );
  },
);

Then(
  "no figure in the report's rows of {string} and {string} is marked",
  function (this: ExperimentWorld, window: string, provider: string) {
    const figures = figuresOf(figuresText(this), [window, provider]);
    assert.ok(figures.length > 0);
    assert.deepEqual(
      figures.filter((figure) => figure.includes("†")),
      [],
    );
  },
);
