import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import { finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("its providers work one window at a time", function (this: ExperimentWorld) {
  this.write("experiment.yaml", this.read("experiment.yaml").replaceAll(/ +windows: \d+\n/gu, ""));
});

Then("no two windows of a provider ran at the same time", function (this: ExperimentWorld) {
  refuseOverlaps(this, ({ provider }) => provider);
});

Then("no two windows of a task ran at the same time", function (this: ExperimentWorld) {
  refuseOverlaps(this, ({ feature_id: task }) => task);
});

type Final = ReturnType<typeof finalRows>[number];

/** Windows of one group must follow each other in the order of the ledger's rows. */
function refuseOverlaps(world: ExperimentWorld, groupOf: (row: Final) => string): void {
  const groups = new Map(finalRows(world).map((row) => [row.window, groupOf(row)]));
  assert.ok(groups.size > 2, "The run has too few windows.");
  const open = new Map<string, unknown>();
  for (const row of world.rows("windows")) {
    const group = groups.get(String(row["window"])) ?? "";
    if (row["record"] === "window_opened") {
      assert.equal(open.get(group), undefined, `${group} has two windows open.`);
      open.set(group, row["window"]);
    } else if (row["record"] === "window_finalized") {
      open.delete(group);
    }
  }
}
