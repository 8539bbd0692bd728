import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { type DataTable, Then } from "@cucumber/cucumber";

import { tokensIn } from "../ledger/domain/token-basis.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { dollarPeaks } from "./support/budget-peaks.ts";
import { debitsOf, movementsOf, peaks, reservationsOf, spentOf } from "./support/ledger-figures.ts";
import { finalOf, finalRows, interruptedRows, requestRows } from "./support/ledger-windows.ts";
import { filesHolding } from "./support/search-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

const CAPTURES = path.join(".experiment", "captures");

Then("no window is final", function (this: ExperimentWorld) {
  atLeastOne(this.rowsOf("windows", "window_opened"));
  assert.deepEqual(finalRows(this), []);
});

Then(
  "every window's cost is a lower bound of what its requests took",
  function (this: ExperimentWorld) {
    for (const { cost, usage } of atLeastOne(finalRows(this))) {
      assert.equal(cost.is_lower_bound, true);
      assert.equal(cost.amount, tokensIn("uncached", usage));
      assert.ok(cost.amount > 0);
    }
  },
);

Then(
  "in every window exactly one request is refused by {string}, the last one",
  function (this: ExperimentWorld, budget: string) {
    const windows = Map.groupBy(requestRows(this), ({ window }) => window);
    assert.equal(windows.size, finalRows(this).length);
    for (const requests of atLeastOne([...windows.values()])) {
      const refused = requests.filter(({ refused_by: refusedBy }) => refusedBy !== null);
      assert.deepEqual(refused, requests.slice(-1));
      assert.deepEqual(refused[0]?.refused_by, budget);
    }
  },
);

Then(
  "every agent got the status {int} with {string}",
  function (this: ExperimentWorld, status: number, sentence: string) {
    const refused = requestRows(this).filter(({ refused_by: refusedBy }) => refusedBy !== null);
    for (const request of atLeastOne(refused)) assert.equal(request.status, status);
    const captures = readdirSync(this.file(CAPTURES), { recursive: true, encoding: "utf8" });
    const answers = atLeastOne(captures.filter((name) => name.endsWith(".jsonl")));
    assert.equal(filesHolding(this.file(CAPTURES), sentence).length, answers.length);
  },
);

Then("no request is refused", function (this: ExperimentWorld) {
  const requests = atLeastOne(requestRows(this));
  assert.deepEqual([...new Set(requests.map((row) => row.refused_by))], [null]);
  assert.deepEqual(this.rowsOf("budgets", "budget_refused"), []);
});

Then("no window is opened and no request is sent", function (this: ExperimentWorld) {
  assert.deepEqual(this.rows("windows"), []);
  assert.deepEqual(this.rows("proxy_telemetry"), []);
  assert.deepEqual(reservationsOf(this), []);
});

Then("no further request is sent", function (this: ExperimentWorld) {
  const [interrupted] = atLeastOne(interruptedRows(this));
  const requests = atLeastOne(requestRows(this));
  const later = requests.filter(({ attempt }) => attempt !== interrupted?.attempt);
  assert.deepEqual(later, []);
});

Then("nothing is spent", function (this: ExperimentWorld) {
  assert.equal(spentOf(this), 0);
});

Then(
  "the overall budget has refused {int} tokens with all that was ever spent used",
  function (this: ExperimentWorld, requested: number) {
    assertOverallRefusal(this, { requested, used: spentOf(this) });
  },
);

Then("a window has been opened", function (this: ExperimentWorld) {
  this.isExitCodeSeen = true;
  assert.ok(this.rowsOf("windows", "window_opened").length > 0);
});

Then(
  "the window {word} is final after an attempt that ended as {string}, and the preview's overall budget shows the spending of both",
  async function (this: ExperimentWorld, window: string, outcome: string) {
    assertKeptApart(this, window, outcome);
    await assertPreviewed(this);
  },
);

function assertKeptApart(world: ExperimentWorld, window: string, outcome: string): void {
  const final = finalOf(world, window);
  const earlier = interruptedRows(world).filter((row) => row.window === window);
  assert.equal(earlier[0]?.outcome, outcome);
  assert.equal(final.attempt, earlier.length + 1);
  const { attempts, usage } = final.earlier_attempts;
  assert.equal(attempts, earlier.length);
  const tokens = earlier.reduce((sum, row) => sum + tokensIn("all", row.usage), 0);
  assert.ok(tokens > 0);
  assert.equal(tokensIn("all", usage), tokens);
}

async function assertPreviewed(world: ExperimentWorld): Promise<void> {
  await world.run("experiment preview");
  world.isExitCodeSeen = true;
  const thousands = (spentOf(world) / 1000).toFixed(1);
  const line = world.last.stdout.split("\n").find((text) => text.trim().startsWith("overall"));
  assert.ok(line?.includes(`(${thousands}K / 200.0K uncached)`), line);
}

Then(
  /^at every reservation at most ([\d.]+) (tokens|dollars)( of its own attempt)? are spent or reserved$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  function (this: ExperimentWorld, cap: string, unit: string, isOwn: string | undefined) {
    const all = movementsOf(this);
    const groups = isOwn ? [...Map.groupBy(all, ({ window }) => window).values()] : [all];
    assert.ok(!isOwn || groups.length > 1);
    for (const group of groups) {
      const seen = unit === "tokens" ? peaks(group) : dollarPeaks(group).map((nano) => nano / 1e9);
      assert.ok(
        seen.length > 0 && Math.max(...seen) <= Number(cap),
        `${Math.max(...seen)} of ${cap}`,
      );
    }
  },
);

Then(
  "the budgets have reported in {word}:",
  function (this: ExperimentWorld, window: string, expected: DataTable) {
    const warned = this.rowsOf("budgets", "budget_warned").filter(
      (row) => row["window"] === window,
    );
    const breached = this.rowsOf("budgets", "budget_breached");
    const told = [...Map.groupBy(warned, (row) => String(row["budget"]))].map(([budget, rows]) => ({
      BUDGET: budget,
      WARNED: `${rows.map((row) => String(row["threshold_percent"])).join(", ")} %`,
      BREACHED: String(
        breached.filter((row) => row["window"] === window && row["budget"] === budget).length,
      ),
    }));
    assert.deepEqual(sortedTexts(told), sortedTexts(expected.hashes()));
  },
);

Then("every request has one reservation and one final debit", function (this: ExperimentWorld) {
  const reserved = atLeastOne(reservationsOf(this)).map(({ reservation }) => reservation);
  const settled = debitsOf(this).filter(({ is_final: isFinal }) => isFinal);
  assert.equal(reserved.length, requestRows(this).length);
  assert.equal(new Set(reserved).size, reserved.length);
  assert.deepEqual(settled.map(({ reservation }) => reservation).toSorted(), reserved.toSorted());
});

Then("the debits of every request add up to its uncached tokens", function (this: ExperimentWorld) {
  const byRequest = Map.groupBy(atLeastOne(debitsOf(this)), ({ reservation }) => reservation);
  const debited = [...byRequest.values()].map((debits) =>
    debits.reduce((sum, { delta }) => sum + delta, 0),
  );
  const told = requestRows(this).map(({ usage }) => (usage ? tokensIn("uncached", usage) : 0));
  assert.deepEqual(debited.toSorted(ascending), told.toSorted(ascending));
});

function sortedTexts(rows: readonly object[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

function ascending(left: number, right: number): number {
  return left - right;
}

function assertOverallRefusal(
  world: ExperimentWorld,
  { requested, used }: { readonly requested: number; readonly used: number },
): void {
  const last = world.rowsOf("budgets", "budget_refused").at(-1);
  assert.deepEqual(
    { scope: last?.["scope"], requested: last?.["requested"], used: last?.["used"] },
    { scope: "overall", requested, used },
  );
}
