import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import { FeatureAssigned } from "../ledger/domain/experiment.ts";
import { SnapshotTaken } from "../ledger/domain/snapshot.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { addRow } from "./support/corrections.ts";
import { finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "another process has taken the before of {string}",
  async function (this: ExperimentWorld, window: string) {
    const [assigned] = this.rowsOf("assignments", "feature_assigned");
    const { experiment_id, feature_id, replicate, providers } = FeatureAssigned.parse(assigned);
    await addRow(this, "snapshots", {
      record: "snapshot_taken",
      experiment_id,
      window,
      attempt: 1,
      provider: providers[0],
      feature_id,
      replicate,
      period: 1,
      phase: "before",
      meters: [
        {
          name: "proxy",
          limit_window_minutes: null,
          unit: "tokens",
          used: 0,
          as_of: "2025-10-19T10:00:00.000Z",
        },
      ],
      raw: null,
      raw_sha256: null,
      parser: "proxy-counter",
      parser_version: "1",
      notes: [],
      errors: [],
    });
  },
);

Then("every window has one before and then one after", function (this: ExperimentWorld) {
  const readings = this.rowsOf("snapshots", "snapshot_taken").map((row) =>
    SnapshotTaken.parse(row),
  );
  for (const { window } of atLeastOne(finalRows(this))) {
    const own = readings.filter((reading) => reading.window === window);
    assert.deepEqual(
      own.map(({ phase }) => phase),
      ["before", "after"],
    );
    const times = own.map((reading) => reading.captured_at ?? "");
    assert.deepEqual(times.toSorted(), times);
  }
});

Then("each window has the anomaly {string}", function (this: ExperimentWorld, kind: string) {
  const touched = this.rowsOf("anomalies", "anomaly_recorded")
    .filter((row) => row["kind"] === kind)
    .map((row) => String(row["window"]));
  const windows = atLeastOne(finalRows(this)).map(({ window }) => window);
  assert.deepEqual(touched.toSorted(), windows.toSorted());
});
