import assert from "node:assert/strict";

import { type DataTable, Then } from "@cucumber/cucumber";

import type { ExperimentWorld } from "./support/world.ts";

Then("the plan shows the budget:", function (this: ExperimentWorld, rows: DataTable) {
  const shown = this.last.stdout.split("\n").map((line) => line.trim().replaceAll(/ {2,}/g, "  "));
  const missing = rows.raw().filter((cells) => !shown.includes(cells.join("  ")));
  assert.deepEqual(missing, [], this.last.stdout);
});

Then("the message names the file's last line", function (this: ExperimentWorld) {
  const lines = this.read("experiment.yaml").trimEnd().split("\n").length;
  assert.match(this.last.stderr, new RegExp(`experiment\\.yaml:${lines}:`));
});
