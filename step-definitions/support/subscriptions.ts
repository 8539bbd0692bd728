import { WindowFinalized } from "../../ledger/domain/window.ts";
import type { ReportData } from "../../reports/report/report-data.ts";
import { startCommand } from "./command-run.ts";
import type { ExperimentWorld } from "./world.ts";

/** In the order in which they were worked. */
export function finalWindows(world: ExperimentWorld): readonly WindowFinalized[] {
  return world
    .rowsOf("windows", "window_finalized")
    .map((row) => WindowFinalized.parse(row))
    .toSorted((left, right) => left.executed_order - right.executed_order);
}

/** The report as data; the last command stays what it was. */
export async function reportOf({ variables, folder: cwd }: ExperimentWorld): Promise<ReportData> {
  const { exitCode, stdout, stderr } = await startCommand(["report", "--json"], {
    cwd,
    variables,
  }).ended;
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
