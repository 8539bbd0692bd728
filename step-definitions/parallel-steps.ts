import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  /^no two windows of a provider ran at the same time(, and no two of a task)?$/u,
  function (this: ExperimentWorld, isOfTasksToo: string | undefined) {
    refuseOverlaps(this, ({ provider }) => provider);
    if (isOfTasksToo) refuseOverlaps(this, ({ feature_id: task }) => task);
  },
);

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
