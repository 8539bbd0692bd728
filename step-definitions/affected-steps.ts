import assert from "node:assert/strict";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import { figuresOf, marksByLine } from "./support/affected-marks.ts";
import { addRow } from "./support/corrections.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { figuresText, reportText } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "an anomaly of the kind {string} that affects {string}( is recorded)",
  async function (this: ExperimentWorld, kind: string, touched: string) {
    const experiment_id = finalRows(this)[0]?.experiment_id;
    const isWindow = finalRows(this).some(({ window }) => window === touched);
    await addRow(this, "anomalies", {
      record: "anomaly_recorded",
      experiment_id,
      ...(isWindow ? { window: touched } : {}),
      kind,
      touches: [touched],
      observed: {},
      action: '"Nothing" was done.',
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
  /^(every|no) figure in the report's rows of "(.*)" and "(.*)" is marked with "(.*)"$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  function (this: ExperimentWorld, which: string, window: string, provider: string, mark: string) {
    const figures = figuresOf(figuresText(this), [window, provider]);
    assert.ok(figures.length > 0);
    const isOdd = (figure: string) =>
      which === "every" ? !figure.endsWith(mark) : figure.includes(mark);
    assert.deepEqual(
      figures.filter((figure) => isOdd(figure)),
      [],
    );
  },
);
