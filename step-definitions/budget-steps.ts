import assert from "node:assert/strict";

import { type DataTable, Given, Then } from "@cucumber/cucumber";

import { startCommand } from "./support/command-run.ts";
import { bodyFor, openProxyOf } from "./support/open-proxy.ts";
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

Given(
  "a proxy of it has been open, through which the agent of plain took {int} tokens",
  async function (this: ExperimentWorld, tokens: number) {
    await openProxyOf(this).open();
    await openProxyOf(this).ask("plain", bodyFor("claude-sonnet-4-5"), false);
    await openProxyOf(this).close();
    assert.equal(this.rowsOf("budgets", "budget_debited")[0]?.["total"], tokens);
  },
);

Given("its proxy is open with {string}", async function (this: ExperimentWorld, options: string) {
  await openProxyOf(this).open(`experiment proxy ${options}`);
});

Then("that agent gets the status {int}", function (this: ExperimentWorld, status: number) {
  assert.equal(openProxyOf(this).answer?.status, status);
});

Then(
  "the status shows that the {string} budget of {int} tokens has {int} used and refuses",
  async function (this: ExperimentWorld, name: string, limit: number, used: number) {
    const place = { cwd: this.folder, variables: this.variables };
    const { stdout } = await startCommand(["proxy", "status", "--json"], place).ended;
    const { budgets } = JSON.parse(stdout);
    assert.partialDeepStrictEqual(budgets[0], { name, unit: "tokens", limit, used });
    assert.partialDeepStrictEqual(budgets[0].refusal, { name, used, limit });
  },
);
