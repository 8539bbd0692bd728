import assert from "node:assert/strict";

import { type DataTable, Then } from "@cucumber/cucumber";

import { WindowFinalized } from "../ledger/domain/window.ts";
import { openLimits } from "../runner/experiment/windows/limit-resources.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { labOf } from "./support/lab.ts";
import { finalOf, finalRows } from "./support/ledger-windows.ts";
import { reportText } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then(
  "every window has run under these limits:",
  async function (this: ExperimentWorld, table: DataTable) {
    const enforcedBy = await findEnforcer();
    const expected = table.hashes().map(({ RESOURCE: resource, LIMIT: limit }) => ({
      resource,
      limit: Number(limit),
      enforced_by: enforcedBy,
    }));
    for (const row of atLeastOne(finalRows(this))) {
      assert.deepEqual(row.resources?.limits, expected);
    }
  },
);

Then(
  "the report says what this machine does about the limit {string}",
  async function (this: ExperimentWorld, limit: string) {
    const enforcedBy = await findEnforcer();
    const how = enforcedBy === null ? "not enforced" : `enforced by ${enforcedBy}`;
    const text = reportText(this);
    assert.ok(text.includes(`- ${limit}, ${how} (2 windows)`), text);
  },
);

Then(
  "its final row has load, free memory and CPU pressure from its start and its end",
  function (this: ExperimentWorld) {
    const { resources } = WindowFinalized.parse(finalOf(this, labOf(this).window ?? ""));
    for (const state of [resources?.start, resources?.end]) {
      assert.ok(state !== undefined && state.cpus > 0 && state.free_memory_bytes > 0);
      assert.ok(state.load_1m >= 0 && (state.cpu_pressure ?? 0) >= 0);
    }
  },
);

/** What enforces limits of processes here; null if nothing does. */
async function findEnforcer(): Promise<string | null> {
  const opened = openLimits({ cpus: null, memoryBytes: null, processes: 400 }, "spec");
  await opened.close();
  return opened.limits[0]?.enforced_by ?? null;
}
