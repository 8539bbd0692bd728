import type { WindowRegraded } from "../../ledger/domain/window-regraded.ts";
import type { ReportData } from "./report-data.ts";

type Regraded = Pick<
  WindowRegraded,
  "graded" | "is_same_task" | "quality" | "scenarios_compared" | "scenarios_agreeing"
>;

/** How far later gradings of the same work agree with the first; null without one. */
export function describeRegrading(regraded: Iterable<Regraded>): ReportData["regraded"] {
  const gradings = [...regraded];
  if (gradings.length === 0) return null;
  // Another suite may judge otherwise, so it says nothing about the grader.
  const same = gradings.filter((one) => one.is_same_task && one.quality !== null);
  const sum = (field: "scenarios_compared" | "scenarios_agreeing") =>
    same.reduce((total, one) => total + one[field], 0);
  return {
    windows: new Set(gradings.map(({ graded }) => graded)).size,
    gradings: gradings.length,
    scenarios_compared: sum("scenarios_compared"),
    scenarios_agreeing: sum("scenarios_agreeing"),
    other_task: gradings.filter((one) => !one.is_same_task).length,
    failed: gradings.filter((one) => one.quality === null).length,
  };
}
