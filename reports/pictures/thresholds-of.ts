import type { ReportData } from "../report/report-data.ts";

/** What the gates ask for; null without a decision. A comparison of like with like has no cost target. */
export function thresholdsOf({ gate, against_itself: same }: ReportData) {
  const read = (name: string): number | null => {
    const threshold = gate?.gates.thresholds[name];
    return typeof threshold === "number" ? threshold : null;
  };
  return {
    alpha: read("alpha"),
    cost: same === null ? read("cost_target") : null,
    quality: read("quality_min"),
    errors: read("error_margin"),
    latency: read("latency_margin"),
  };
}
