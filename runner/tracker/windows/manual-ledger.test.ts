import { describe, expect, it } from "vitest";

import type { NewRow } from "../../../ledger/domain/row.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import { createMemoryStore } from "../../../ledger/store/test-support/memory-store.ts";
import { WindowBusyError } from "./tracker-errors.ts";
import { ManualLedger } from "./tracker.ts";

const TRIES_MAX = 5;
const AUTHOR = { source: "alias", agent_id: "agent" } as const;

function openStore(): LedgerStore {
  return createMemoryStore({ clock: manualClock(), agentId: "agent", toolVersion: "0" });
}

function anomaly(id: string) {
  const breach = { kind: "late-after", touches: ["W0-07"], observed: {}, action: "Kept." };
  return { record: "anomaly_recorded", experiment_id: "manual", id, ...breach };
}

/** A plan during which another process writes each time, as often as told. */
function disturbed(store: LedgerStore, times: number) {
  const seen: number[] = [];
  const makePlan = (view: ManualLedger["view"]): { readonly rows: readonly NewRow[] } => {
    seen.push(view.anomalies.size);
    if (seen.length <= times) void store.append("anomalies", [anomaly(`other-${seen.length}`)]);
    return { rows: [anomaly("ours")] };
  };
  return { seen, makePlan };
}

describe("the ledger of manual windows", () => {
  it("plans again if another process wrote in between", async () => {
    const store = openStore();
    const ledger = new ManualLedger(store, AUTHOR);
    const { seen, makePlan } = disturbed(store, 1);
    const { written } = await ledger.write("anomalies", makePlan);
    expect(seen).toEqual([0, 1]);
    expect(written.map(({ id }) => id)).toEqual(["ours"]);
    expect([...store.read("anomalies")].map(({ id }) => id)).toEqual(["other-1", "ours"]);
  });

  it("gives up if others never stop writing", async () => {
    const store = openStore();
    const { seen, makePlan } = disturbed(store, TRIES_MAX);
    await expect(new ManualLedger(store, AUTHOR).write("anomalies", makePlan)).rejects.toThrow(
      WindowBusyError,
    );
    expect(seen).toHaveLength(TRIES_MAX);
    expect([...store.read("anomalies")].some(({ id }) => id === "ours")).toBe(false);
  });

  it("ignores rows of other experiments", async () => {
    const store = openStore();
    const ledger = new ManualLedger(store, AUTHOR);
    await store.append("anomalies", [{ ...anomaly("run"), experiment_id: "0123456789ab" }]);
    let plans = 0;
    await ledger.write("anomalies", () => {
      plans += 1;
      return { rows: [anomaly("ours")] };
    });
    expect(plans).toBe(1);
  });

  it("writes nothing if the plan has no rows", async () => {
    const store = openStore();
    const { written } = await new ManualLedger(store, AUTHOR).write("anomalies", () => ({
      rows: [],
    }));
    expect([written, [...store.read("anomalies")]]).toEqual([[], []]);
  });
});
