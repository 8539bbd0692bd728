import { expect, it } from "vitest";

import type { Meter } from "../../../ledger/domain/meter.ts";
import { SnapshotTaken } from "../../../ledger/domain/snapshot.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import { LedgerDamagedError } from "../../../ledger/store/store-errors.ts";
import { manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import { createMemoryStore } from "../../../ledger/store/test-support/memory-store.ts";
import { locateDataFolder } from "../../platform/environment/data-folder.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { keyOf } from "../../tracker/windows/manual-window.ts";
import { createTracker } from "../../tracker/windows/tracker.ts";
import { ManualWindows } from "./manual-windows.ts";

const METER: Meter = {
  name: "5h",
  limit_window_minutes: 300,
  used: 2,
  unit: "percent",
  resets_at: null,
  as_of: "2026-01-01T00:00:00.000Z",
};

it("sums up a window although its readings failed, and throws their failure", async () => {
  const store = createMemoryStore({ clock: manualClock(), agentId: "agent", toolVersion: "0" });
  const windows = new ManualWindows({
    store,
    openTracker: () => {
      throw new LedgerDamagedError("snapshots.jsonl: damaged");
    },
  });
  const request = proxiedRequest({ experiment_id: "manual" });
  windows.open(keyOf(request), { before: () => [METER], after: () => [METER] });
  await store.append("proxy_telemetry", [request]);
  windows.settled(request);
  await expect(windows.close()).rejects.toThrow(LedgerDamagedError);
  const sums = [...store.read("proxy_telemetry")].slice(1);
  expect(sums).toMatchObject([{ record: "window_traffic_summed", total_prompts: 1 }]);
});

it.each([
  { what: "an answer without usage", status: 200, meters: ["prompts"] },
  { what: "an error", status: 529, meters: ["prompts", "proxy"] },
])("after $what, the after has the meters $meters", async (met) => {
  const clock = manualClock();
  const store = createMemoryStore({ clock, agentId: "agent", toolVersion: "0" });
  const parts = {
    store,
    folder: locateDataFolder("/nowhere", processEnvironment()),
    agent: "agent",
    clock,
  };
  const windows = new ManualWindows({ store, openTracker: () => createTracker(parts) });
  const told = proxiedRequest({ experiment_id: "manual", timestamp: "2020-01-01T00:00:00.000Z" });
  const rows = [told, { ...told, status: met.status, usage: null }];
  windows.open(keyOf(told), { before: () => [], after: () => [] });
  await store.append("proxy_telemetry", rows);
  for (const row of rows) windows.settled(row);
  await windows.close();
  const readings = [...store.read("snapshots")].map((row) => SnapshotTaken.parse(row));
  expect(readings.map(({ phase }) => phase)).toEqual(["before", "after"]);
  expect(readings[1]?.meters.map(({ name }) => name)).toEqual(met.meters);
});
