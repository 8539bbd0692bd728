import { mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { createMemoryStore } from "../../../ledger/store/test-support/memory-store.ts";
import { locateDataFolder } from "../../platform/environment/data-folder.ts";
import { CommandLab } from "../test-support/command-lab.ts";
import { previewReport } from "./cached-view.ts";

const EXPERIMENT = "0123456789ab";
const KEY = { experiment_id: EXPERIMENT, window: "W0-01", attempt: 1, provider: "one" };
const DEBIT = {
  record: "budget_debited",
  ...KEY,
  feature_id: "f",
  replicate: 1,
  period: 1,
  basis: "uncached",
  command: "/implement f",
  delta: 1000,
  total: 1000,
  overshoot: 0,
  is_final: true,
};
const HOUR_MS = 3_600_000;
const LARGE_BYTES = 32 * 2 ** 20;

/** An experiment with a request of 1,000 tokens, in a ledger of so many bytes. */
async function openExperiment({
  periodMs,
  bytes = LARGE_BYTES,
}: {
  readonly periodMs: number | null;
  readonly bytes?: number;
}) {
  const lab = new CommandLab();
  const environment = lab.environment();
  const folder = locateDataFolder(undefined, environment);
  mkdirSync(folder.ledger, { recursive: true });
  const file = path.join(folder.ledger, "rows.jsonl");
  writeFileSync(file, "");
  truncateSync(file, bytes);
  const store = createMemoryStore({ clock: lab.clock, agentId: "agent", toolVersion: "0" });
  await store.append("experiments", openedRows(periodMs));
  const spend = async (reservation: string) =>
    await store.append("budgets", [{ ...DEBIT, reservation }]);
  await spend("first");
  /** What a preview says was taken in the rolling period. */
  const preview = async () => {
    const found = { store, folder, environment, experimentId: EXPERIMENT };
    const { report } = await previewReport(found);
    return report.budgets.lines.find(({ scope }) => scope === "period")?.used;
  };
  const cached = (): readonly string[] => {
    try {
      return readdirSync(path.join(lab.folder, ".cache/counterbalance")).map((name) =>
        path.extname(name),
      );
    } catch {
      return [];
    }
  };
  return { lab, preview, spend, cached };
}

function openedRows(periodMs: number | null) {
  const registration = { name: "n", seed: "1", baseline: "one", scripted: true };
  const limit = { scope: "period", name: "period", unit: "tokens", limit: 5000, origin: "file" };
  const period_ms = { value: periodMs, origin: "file" };
  const settings = { budgets: { limits: [{ ...limit, is_held: true }], period_ms } };
  const ids = { experiment_id: EXPERIMENT, session_id: "s", sha256: "0".repeat(64) };
  return [
    { record: "experiment_registered", ...ids, ...registration, registration },
    { record: "session_opened", ...ids, resumed: false, settings, versions: {} },
  ];
}

it("counts a rolling period up to now, although no row was added", async () => {
  const { lab, preview } = await openExperiment({ periodMs: HOUR_MS });
  expect(await preview()).toBe(1000);
  lab.clock.advance(2 * HOUR_MS);
  expect(await preview()).toBe(0);
});

it("keeps the report of a large ledger without a rolling period", async () => {
  const { preview, cached } = await openExperiment({ periodMs: null });
  await preview();
  expect(cached().toSorted()).toEqual([".fold", ".report", ".sums"]);
});

it("keeps nothing of a small ledger", async () => {
  const { preview, cached } = await openExperiment({ periodMs: null, bytes: LARGE_BYTES - 1 });
  await preview();
  expect(cached()).toEqual([]);
});

it("counts a row that was added since the report was kept", async () => {
  const { preview, spend } = await openExperiment({ periodMs: HOUR_MS });
  await preview();
  await spend("second");
  expect(await preview()).toBe(2000);
});
