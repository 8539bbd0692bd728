import { sum } from "simple-statistics";

import { UNREADABLE_ROW } from "../../ledger/views/row-anomalies.ts";
import { budgetName } from "../document/budget-names.ts";
import { haltedLines } from "../document/gate-words.ts";
import { divergenceLines, missingAffectedBy } from "../document/shared-lines.ts";
import type { AnomalyLine } from "../evidence/index-affected.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import { sayLack } from "../evidence/say-lack.ts";
import type { Budgets } from "../report/budget-data.ts";
import type { ReportData, RowCounts } from "../report/report-data.ts";
import { markAffected } from "../text/affected-mark.ts";
import { type AmountKind, limitText, unitWord, usedText } from "../text/amount-text.ts";
import { formatPercent } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { windowLabel } from "../text/window-label.ts";
import { COLUMNS, wrapText } from "../text/wrap-text.ts";

/** So many windows, unreadable rows and divergences are named. */
export const PLACES_MAX = 5;

/** If more of a budget is used, it is worth a look. */
const BUDGET_SHARE = 0.7;

/** What an operator should look at first, or that there is nothing. */
export function attentionBlock(report: ReportData, more: readonly string[] = []): string {
  const { ran, anomalies, budgets, gate } = report;
  const standing = anomalies.filter((one) => !one.is_past);
  const lines = [
    ...(gate === null ? [] : haltedLines(gate).map(toPlainLine)),
    ...tamperedLines(ran.schedule),
    ...missingLines(report),
    ...anomalyLines(standing),
    ...firstOf(divergenceLines(standing, toPlainLine)),
    ...uncountedLines(report),
    ...fullBudgets(budgets),
    ...more,
  ];
  if (lines.length === 0) return "Needs attention: nothing";
  return ["Needs attention:", ...lines].join("\n");
}

/** How many anomalies there are, by kind. */
function anomalyLines(anomalies: readonly AnomalyLine[]): readonly string[] {
  if (anomalies.length === 0) return [];
  const kinds = anomalyKinds(anomalies);
  return [`Anomalies: ${anomalies.length} (${kinds}; see preview --explain anomalies)`];
}

/** That no figure has an anomaly, where it is so. */
export function noAnomalies(anomalies: readonly AnomalyLine[]): readonly string[] {
  if (anomalies.some((one) => !one.is_past)) return [];
  if (anomalies.length === 0) return ["Anomalies: 0"];
  return [`Anomalies: 0 (past: ${anomalies.length}, of rows that were corrected or undone)`];
}

/** The anomalies by kind, the most frequent first. */
function anomalyKinds(anomalies: readonly AnomalyLine[]): string {
  const byKind = [...Map.groupBy(anomalies, ({ kind }) => kind)].toSorted(
    ([, one], [, other]) => other.length - one.length,
  );
  return byKind.map(([kind, all]) => `${toPlainLine(kind)} ${String(all.length)}`).join(", ");
}

/** Budgets that are more than 70 % used. */
function fullBudgets(budgets: Budgets): readonly string[] {
  return budgets.lines.flatMap((line) => {
    const { limit, used, unit } = line;
    if (limit === null || limit === 0 || used / limit <= BUDGET_SHARE) return [];
    const kind: AmountKind = { unit, basis: budgets.basis };
    const amount = `${usedText(unit, used)} of ${limitText(unit, limit)}${unitWord(kind)}`;
    return [
      `Budget ${toPlainLine(budgetName(line, budgets))}: ${formatPercent(used / limit)} used (${amount})`,
    ];
  });
}

const INDENT = 4;

/** The evidence against each window whose results were forged. */
function tamperedLines(schedule: readonly WindowLine[]): readonly string[] {
  const tampered = schedule.filter(({ outcome }) => outcome === "tampered");
  const lines = tampered.map(({ window, provider, reason }) => {
    const text = toPlainLine(`Tampered: ${window ?? ""} (${provider}): ${reason ?? ""}`);
    return wrapText(text, COLUMNS - INDENT).join(`\n${" ".repeat(INDENT)}`);
  });
  return firstOf(lines);
}

/** Rows that no figure counts. */
function uncountedLines(report: ReportData): readonly string[] {
  const { unreadable_rows, unknown_rows, duplicate_rows } = report;
  return [
    ...(unreadable_rows.length === 0
      ? []
      : [`Unreadable rows: ${sayRows(unreadable_rows)}`, ...unreadablePlaces(report)]),
    ...(unknown_rows.length === 0
      ? []
      : [`Unknown records: ${sayRows(unknown_rows)}, kept and in no figure`]),
    ...(duplicate_rows.length === 0
      ? []
      : [`Duplicate ids: ${sayRows(duplicate_rows)}, the row read first counts`]),
  ];
}

function unreadablePlaces({ anomalies }: ReportData): readonly string[] {
  const places = anomalies.filter(({ kind }) => kind === UNREADABLE_ROW);
  return firstOf(places.map(({ number, action }) => markAffected(toPlainLine(action), [number])));
}

function firstOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - PLACES_MAX;
  return [
    ...lines.slice(0, PLACES_MAX).map((line) => `  ${line}`),
    ...(more > 0 ? [`  … and ${more} more; the report names them`] : []),
  ];
}

function sayRows(counts: RowCounts): string {
  const named = counts.map(({ record, rows }) => `${toPlainLine(record)} ${rows}`).join(", ");
  return `${sum(counts.map(({ rows }) => rows))} (${named})`;
}

/** The windows that don't count: for planned ones the causes by period, and then what each of them lacks. */
function missingLines({ ran, by_hand: manual }: ReportData): readonly string[] {
  if (ran.missing.length === 0) return [];
  const missing = ran.schedule.filter(({ state }) => state === "missing");
  const counts = ran.missing.map(({ provider, period, cause, windows }) =>
    markAffected(
      `${toPlainLine(provider)} period ${period}: ${windows} ${toPlainLine(cause)}`,
      missingAffectedBy(ran, { provider, period }),
    ),
  );
  return [
    manual === null
      ? `Missing: ${counts.join(", ")}`
      : `Windows that don't count: ${missing.length}`,
    ...firstOf(missing.map((line) => markAffected(lacksLine(line), line.touched_by))),
  ];
}

/** A window and all that it lacks to count, with these words between them. */
export function lacksLine(
  { window, agent, provider, lacks, outcome }: WindowLine,
  between = ": ",
): string {
  const name = toPlainLine(`${windowLabel(window ?? "", agent)} (${provider})`);
  return `${name}${between}${lacks.map((lack) => sayLack(lack, outcome)).join(", ")}`;
}
