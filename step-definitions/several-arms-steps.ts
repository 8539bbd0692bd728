import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { AnalysisData } from "../.ci/reference/analysis-schema.ts";
import { ReportData } from "../reports/report/report-data.ts";
import { startCommand } from "./support/command-run.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FILE = "windows.json";

Then(
  'the fit of all providers is that of "experiment analyze" on the same windows',
  async function (this: ExperimentWorld) {
    const { arms, asked, ran } = ReportData.parse(JSON.parse(this.last.stdout));
    const windows = ran.schedule.map(({ feature_id, replicate, provider, period, cost }) => ({
      feature: feature_id,
      replicate,
      provider,
      period,
      cost,
    }));
    this.write(FILE, JSON.stringify(windows));
    const { variables, folder: cwd } = this;
    const args = ["analyze", FILE, "--baseline", asked.baseline ?? "", "--json"];
    const { stdout } = await startCommand(args, { cwd, variables }).ended;
    const { multiArm } = AnalysisData.parse(JSON.parse(stdout));
    assert.ok(multiArm !== null && arms !== null && arms.candidates.length === 2);
    for (const { candidate, cost_ratio: ratio, p_above_2_holm: p } of arms.candidates) {
      const index = multiArm.contrasts.findIndex(({ arm }) => arm === candidate);
      const other = multiArm.contrasts[index];
      assertClose(ratio.value, other?.ratio);
      assertClose(ratio.ci95?.upper, other?.ratioCi95Upper);
      assertClose(p, multiArm.holmPGreater2[index]);
    }
  },
);

function assertClose(value: unknown, other: unknown): void {
  assert.ok(typeof value === "number" && typeof other === "number");
  assert.ok(Math.abs(value - other) <= 1e-6 * Math.max(1e-6, Math.abs(other)), `${value} ${other}`);
}
