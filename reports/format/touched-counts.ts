import { joinTouches } from "../report/index-touches.ts";
import type { Ran, ReportData, WindowLine } from "../report/report-data.ts";
import { markTouched } from "./touch-mark.ts";

/** `pass 6, partial 2 †1`: each count with the anomalies that touch one of its windows. */
export function outcomesText(outcomes: Ran["outcomes"], windows: readonly WindowLine[]): string {
  const counts = outcomes.map(({ outcome, windows: n }) =>
    markTouched(`${outcome} ${n}`, touchesOf(windows.filter((line) => line.outcome === outcome))),
  );
  return counts.join(", ") || "none";
}

/** The anomalies that touch a provider's missing windows of a period. */
export function missingTouches(
  { schedule }: Pick<Ran, "schedule">,
  { provider, period }: Pick<WindowLine, "provider" | "period">,
): readonly number[] {
  return touchesOf(
    schedule.filter(
      (line) => line.state === "missing" && line.provider === provider && line.period === period,
    ),
  );
}

/** The anomalies that touch what the proxy saw of a provider. */
export function trafficTouches(
  { providers }: Pick<ReportData, "providers">,
  provider: string,
): readonly number[] {
  const own = providers.filter((one) => one.provider === provider);
  return joinTouches(own.flatMap(({ touched_by, requests }) => [touched_by, requests.touched_by]));
}

/** The anomalies that touch what was decided about a candidate. */
export function decisionTouches(
  { comparisons }: Pick<ReportData, "comparisons">,
  candidate: string,
): readonly number[] {
  const own = comparisons.filter((one) => one.candidate === candidate);
  return joinTouches(own.map(({ touched_by }) => touched_by));
}

function touchesOf(windows: readonly WindowLine[]): readonly number[] {
  return joinTouches(windows.map(({ touched_by }) => touched_by));
}
