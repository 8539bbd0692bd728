import { expect, it } from "vitest";

import type { Meter } from "../../ledger/domain/meter.ts";
import { proxiedRequest } from "../../ledger/domain/test-support/proxied-request.ts";
import { createMemoryStore } from "../../ledger/store/memory-store.ts";
import { LedgerDamagedError } from "../../ledger/store/store-errors.ts";
import { manualClock } from "../../ledger/store/test-support/manual-clock.ts";
import { HandWindows } from "./hand-windows.ts";

const METER: Meter = {
  name: "5h",
  limit_window_minutes: 300,
  used: 2,
  unit: "percent",
  resets_at: null,
  as_of: "2026-01-01T00:00:00.000Z",
};

it("sums a window up whose readings could not be taken, and tells of these", async () => {
  const store = createMemoryStore({ clock: manualClock(), agentId: "agent", toolVersion: "0" });
  const windows = new HandWindows({
    store,
    openTracker: () => {
      throw new LedgerDamagedError("snapshots.jsonl: damaged");
    },
  });
  const request = proxiedRequest({ experiment_id: "manual" });
  windows.open(request, { before: () => [METER], after: () => [METER] });
  await store.append("proxy_telemetry", [request]);
  windows.settled(request);
  await expect(windows.close()).rejects.toThrow(LedgerDamagedError);
  const sums = [...store.read("proxy_telemetry")].slice(1);
  expect(sums).toMatchObject([{ record: "window_traffic_summed", total_prompts: 1 }]);
});
