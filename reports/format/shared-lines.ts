import { joinNumbers } from "../evidence/index-affected.ts";
import type { WindowLine } from "../evidence/observed-window.ts";
import { intervalText, pText, qualityIntervalText, ratioText } from "../report/estimate.ts";
import type { Ran, ReportData } from "../report/report-data.ts";
import type { ArmsFit, Comparison, ProviderFigures } from "../report/results-data.ts";
import { markAffected, markFigure } from "../text/affected-mark.ts";
import {
  formatCount,
  formatFixed,
  formatSignificant,
  formatTokens,
  NOT_AVAILABLE,
} from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";

export const ARMS_TITLE =
  "All providers in one model of task, period and provider (least squares; intervals fixed-n)";

export const ARMS_HEAD = ["Candidate", "Cost ratio", "Above 1", "Above 2", "Above 2, Holm"];

/** A row for each candidate: its ratio, and one-sided tests with and without Holm's adjustment. */
export function armRows(
  { candidates }: ArmsFit,
  escape: (text: string) => string,
): readonly (readonly string[])[] {
  return candidates.map(({ candidate, touched_by, ...line }) => {
    const cells = [
      ratioText(line.cost_ratio),
      pText(line.p_above_1),
      pText(line.p_above_2),
      pText(line.p_above_2_holm),
    ];
    return [escape(candidate), ...cells.map((cell) => markFigure(cell, touched_by))];
  });
}

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
    markAffected(`${outcome} ${n}`, affectedBy(windows.filter((line) => line.outcome === outcome))),
  );
  return counts.join(", ") || "none";
}

/** The anomalies that affect a provider's missing windows of a period. */
export function missingAffectedBy(
  { schedule }: Pick<Ran, "schedule">,
  { provider, period }: Pick<WindowLine, "provider" | "period">,
): readonly number[] {
  return affectedBy(
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

function affectedBy(windows: readonly WindowLine[]): readonly number[] {
  return joinNumbers(windows.map(({ touched_by }) => touched_by));
}

/** A provider's figures in short, as the tables for a terminal show them. */
export function providerCells(figures: ProviderFigures) {
  const { windows, features, tokens_valid, quality, capacity, efficiency, churn } = figures;
  const mark = (text: string) => markFigure(text, figures.touched_by);
  const hasChurn = churn.n > 0;
  return {
    provider: toPlainLine(figures.provider),
    n: mark(String(windows.valid)),
    features: mark(String(features)),
    tokens: mark(formatTokens(tokens_valid)),
    quality: mark(formatFixed(quality.value, 3)),
    interval: mark(qualityIntervalText(quality.ci95)),
    capacity: mark(capacity.used === null ? NOT_AVAILABLE : formatTokens(capacity.used)),
    efficiency: [formatSignificant(efficiency.value), intervalText(efficiency.ci95)].map(mark),
    churn: [
      formatCount(hasChurn ? churn.files_changed : null),
      hasChurn ? `+${churn.insertions} -${churn.deletions}` : NOT_AVAILABLE,
    ].map(mark),
  };
}
