import { sum } from "simple-statistics";

import { UNSTATED_USAGE } from "../../ledger/domain/anomaly.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import type { Comparison } from "../report/comparison-data.ts";
import type { GateReport } from "../report/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import type { Ran } from "../report/run-data.ts";
import type { TeamFigures } from "../report/team-data.ts";
import { markAffected } from "../text/affected-mark.ts";
import { sayDivergence } from "../text/divergence-text.ts";
import { sayOpenWindows } from "../text/no-sandbox.ts";
import { countNoun, formatSignificant } from "../text/number-text.ts";
import { sayBreaches } from "../text/team-text.ts";

export const ARMS_TITLE =
  "All providers in one model of task, period and provider (least squares; intervals fixed-n)";

/** `2 AB, 2 BA`; with more than two providers only which of the two came first. */
export function ordersText({ ab, ba }: Comparison["pairs"], isSeveral: boolean): string {
  return isSeveral ? `${ab} baseline first, ${ba} candidate first` : `${ab} AB, ${ba} BA`;
}

/** Which window of a pair is missing: by period, or with more than two providers by their order. */
export function missingText(pairs: Comparison["pairs"], isSeveral: boolean): string {
  const { missing_period1: first, missing_period2: second } = pairs;
  return isSeveral
    ? `${first} without the earlier window, ${second} without the later`
    : `${first} without period 1, ${second} without period 2`;
}

/** `pass 6, partial 2 †1`: each count with the anomalies that affect one of its windows. */
export function outcomesText(outcomes: Ran["outcomes"], windows: readonly WindowLine[]): string {
  const counts = outcomes.map(({ outcome, windows: n }) =>
    markAffected(
      `${outcome} ${n}`,
      windowsAffectedBy(windows.filter((line) => line.outcome === outcome)),
    ),
  );
  return counts.join(", ") || "none";
}

/** One line if some provider has a team, otherwise none. */
export function teamLines({ teams }: Pick<ReportData, "teams">): readonly string[] {
  if (teams === null) return [];
  const { providers } = teams;
  const total = (read: (team: TeamFigures) => number) => sum(providers.map(read));
  const counts = [
    countNoun(
      total(({ windows }) => windows),
      "window",
    ),
    countNoun(
      total(({ rework }) => rework.rounds),
      "rework round",
    ),
    `${countNoun(
      total(({ handoffs_refused: refused }) => refused),
      "handoff",
    )} refused`,
    sayBreaches(total(({ breaches }) => breaches)),
  ];
  const numbers = joinNumbers(providers.map(({ touched_by }) => touched_by));
  return [markAffected(`Teams: ${counts.join(", ")}`, numbers)];
}

/** One line if agents ran without a sandbox, otherwise none. */
export function openAgentLines({ isolation }: Pick<GateReport, "isolation">): readonly string[] {
  const agents = isolation.filter(({ part }) => part === "agent");
  const open = agents.find((one) => one.isolation === "none");
  if (open === undefined) return [];
  return [sayOpenWindows(open.windows, sum(agents.map(({ windows }) => windows)))];
}

/** The anomalies that affect a provider's missing windows of a period. */
export function missingAffectedBy(
  { schedule }: Pick<Ran, "schedule">,
  { provider, period }: Pick<WindowLine, "provider" | "period">,
): readonly number[] {
  return windowsAffectedBy(
    schedule.filter(
      (line) => line.state === "missing" && line.provider === provider && line.period === period,
    ),
  );
}

/** The anomalies that affect what the proxy recorded of a provider. */
export function trafficAffectedBy(
  { providers }: Pick<ReportData, "providers">,
  provider: string,
): readonly number[] {
  const own = providers.filter((one) => one.provider === provider);
  return joinNumbers(own.flatMap(({ touched_by, requests }) => [touched_by, requests.touched_by]));
}

/** The anomalies that affect the decision about a candidate. */
export function decisionAffectedBy(
  { comparisons }: Pick<ReportData, "comparisons">,
  candidate: string,
): readonly number[] {
  const own = comparisons.filter((one) => one.candidate === candidate);
  return joinNumbers(own.map(({ touched_by }) => touched_by));
}

function windowsAffectedBy(windows: readonly WindowLine[]): readonly number[] {
  return joinNumbers(windows.map(({ touched_by }) => touched_by));
}

/** Requests that nothing could count; no line without any. */
export function unmeteredLines(
  report: Pick<ReportData, "unmetered" | "providers">,
): readonly string[] {
  if (report.unmetered.length === 0) return [];
  const counts = report.unmetered.map(({ provider, passed, refused }) => {
    const share = refused === 0 ? "" : `, ${String(refused)} refused`;
    const count = `${provider} ${String(passed)} passed${share}`;
    return markAffected(count, trafficAffectedBy(report, provider));
  });
  return [`Requests that no meter can count: ${counts.join("; ")}. Their tokens are in no figure.`];
}

/** Tokens that no figure has, or that only a budget's estimate has: for the first lines of a document. */
export function uncountedLines(
  report: Pick<ReportData, "unmetered" | "providers" | "anomalies">,
): readonly string[] {
  const unstated = report.anomalies.filter(
    ({ kind, is_past: isPast }) => kind === UNSTATED_USAGE && !isPast,
  );
  return [
    ...unmeteredLines(report),
    ...(unstated.length === 0
      ? []
      : [
          `Answers that did not state their usage: in ${countNoun(unstated.length, "window")}. The cost there is a lower bound.`,
        ]),
  ];
}

/** Both counts of each divergence, their sources and the ratio. */
export function divergenceLines(anomalies: ReportData["anomalies"]): readonly string[] {
  return anomalies.flatMap(({ divergence, windows, number }) => {
    if (divergence === null) return [];
    const ratio = formatSignificant(divergence.ratio);
    const text = `${windows.join(", ")}: ${sayDivergence(divergence, ratio)}`;
    return [markAffected(text, [number])];
  });
}
