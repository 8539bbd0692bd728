import assert from "node:assert/strict";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then("the plan shows the budget:", function (this: ExperimentWorld, rows: DataTable) {
  const shown = this.last.stdout.split("\n").map((line) => line.trim().replaceAll(/ {2,}/g, "  "));
  const missing = rows.raw().filter((cells) => !shown.includes(cells.join("  ")));
  assert.deepEqual(missing, [], this.last.stdout);
});

Given(
  "a proxy of it has been open, through which the agent of plain took {int} tokens",
  async function (this: ExperimentWorld, tokens: number) {
    await openProxyOf(this).open();
    await openProxyOf(this).ask("plain", bodyFor("claude-sonnet-4-5"), false);
    await openProxyOf(this).close();
    assert.equal(this.rowsOf("budgets", "budget_debited")[0]?.["total"], tokens);
  },
);
