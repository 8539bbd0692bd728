import { describe, expect, it } from "vitest";

import { ExperimentFold } from "../../ledger/views/experiment-fold.ts";
import {
  appendAll,
  createSampleLedger,
  type Filed,
} from "../../ledger/views/test-support/sample-ledger.ts";
import { anomaly, type Cell, EXPERIMENT } from "../../ledger/views/test-support/sample-rows.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "./build-report.ts";

const QUEUE_CAND: Cell = { window: "W0-03", provider: "cand", feature_id: "queue", period: 1 };

async function reportOf(rows: readonly Filed[]) {
  return buildReport(await viewOf(rows));
}

describe("anomalies", () => {
  it("mark the window, its pair, its provider and every figure made of them, and nothing else", async () => {
    const report = await reportOf([
      ...rowsOf(FOUR_PAIRS),
      ["anomalies", anomaly(["W0-03"], { window: "W0-03" })],
    ]);
    expect(report.anomalies).toHaveLength(1);
    expect(report.anomalies[0]).toMatchObject({ number: 1, windows: ["W0-03"] });
    const affected = report.ran.schedule.filter(({ touched_by }) => touched_by.length > 0);
    expect(affected.map(({ window }) => window)).toStrictEqual(["W0-03"]);
    expect(report.pairs.map(({ touched_by }) => touched_by)).toStrictEqual([[], [1], [], []]);
    expect(report.providers.map(({ touched_by }) => touched_by)).toStrictEqual([[], [1]]);
    expect(report.comparisons[0]?.touched_by).toStrictEqual([1]);
  });

  it("are traced through the ids of rows", async () => {
    const store = createSampleLedger();
    const written = await appendAll(store, rowsOf(FOUR_PAIRS));
    const target = written.find(
      (row) => row.record === "window_opened" && row["window"] === QUEUE_CAND.window,
    );
    const more = await appendAll(store, [["anomalies", anomaly([target?.id ?? ""])]]);
    const view = new ExperimentFold(EXPERIMENT);
    for (const row of [...written, ...more]) view.fold(row);
    expect(buildReport(view).anomalies[0]?.windows).toStrictEqual(["W0-03"]);
  });

  it("of a file affect everything that is read from it", async () => {
    const report = await reportOf([
      ...rowsOf(FOUR_PAIRS),
      ["anomalies", anomaly(["proxy_telemetry.jsonl"], { experiment_id: undefined })],
      ["anomalies", anomaly(["/data/ledger/windows.000001.jsonl"], { experiment_id: undefined })],
    ]);
    expect(report.providers[0]?.requests.touched_by).toStrictEqual([1]);
    expect(report.ran.schedule.every(({ touched_by }) => touched_by.includes(2))).toBe(true);
    expect(report.budgets.touched_by).toStrictEqual([2]);
  });
});
