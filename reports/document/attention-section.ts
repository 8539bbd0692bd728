import { sum } from "simple-statistics";

import { UNREADABLE_ROW } from "../../ledger/views/row-anomalies.ts";
import type { AnomalyLine } from "../evidence/index-affected.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import type { Budgets } from "../report/budget-data.ts";
import type { ReportData, RowCounts } from "../report/report-data.ts";
import { markAffected } from "../text/affected-mark.ts";
import { type AmountKind, limitText, unitWord, usedText } from "../text/amount-text.ts";
import { formatPercent } from "../text/number-text.ts";
import { windowLabel } from "../text/window-label.ts";
import { sayLack } from "../text/window-lack.ts";
import { budgetName } from "./budget-names.ts";
import type { Block, Section } from "./document.ts";
import { haltedLines } from "./gate-words.ts";
import { linesOf, listOf } from "./parts.ts";
import { divergenceLines, missingAffectedBy } from "./shared-lines.ts";

/** So many windows, unreadable rows and divergences are named. */
export const PLACES_MAX = 5;

/** If more of a budget is used, it is worth a look. */
const BUDGET_SHARE = 0.7;

/** What an operator should look at first, or that there is nothing. */
export function attentionSection(report: ReportData, more: readonly string[]): Section {
  const { ran, anomalies, budgets, gate } = report;
  const standing = anomalies.filter((one) => !one.is_past);
  const blocks = [
    ...linesOf(gate === null ? [] : haltedLines(gate)),
    ...tamperedPlaces(ran.schedule),
    ...missingBlocks(report),
    ...linesOf(anomalyLines(standing)),
    ...placesOf(divergenceLines(standing)),
    ...uncountedBlocks(report),
    ...linesOf([...boundLines(report), ...fullBudgets(budgets), ...more]),
  ];
  const title = blocks.length === 0 ? "Needs attention: nothing" : "Needs attention:";
  return { id: "attention", title, blocks };
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
  return byKind.map(([kind, all]) => `${kind} ${all.length}`).join(", ");
}

/** Candidates about whose cost nothing is decided. */
function boundLines({ comparisons }: ReportData): readonly string[] {
  return comparisons.flatMap(({ candidate, pairs: { capped, complete } }) =>
    capped === 0
      ? []
      : [`Pairs of ${candidate} with a cost that is a lower bound: ${capped} of ${complete}`],
  );
}

/** Budgets that are more than 70 % used. */
function fullBudgets(budgets: Budgets): readonly string[] {
  return budgets.lines.flatMap((line) => {
    const { limit, used, unit } = line;
    if (limit === null || limit === 0 || used / limit <= BUDGET_SHARE) return [];
    const kind: AmountKind = { unit, basis: budgets.basis };
    const amount = `${usedText(unit, used)} of ${limitText(unit, limit)}${unitWord(kind)}`;
    return [`Budget ${budgetName(line, budgets)}: ${formatPercent(used / limit)} used (${amount})`];
  });
}

/** The evidence against each window whose results were forged. */
function tamperedPlaces(schedule: readonly WindowLine[]): readonly Block[] {
  const tampered = schedule.filter(({ outcome }) => outcome === "tampered");
  return placesOf(
    tampered.map(
      ({ window, provider, reason }) => `Tampered: ${window ?? ""} (${provider}): ${reason ?? ""}`,
    ),
  );
}

/** Rows that no figure counts. */
function uncountedBlocks(report: ReportData): readonly Block[] {
  const { unreadable_rows, unknown_rows, duplicate_rows } = report;
  return [
    ...countLine("Unreadable rows", unreadable_rows),
    ...unreadablePlaces(report),
    ...countLine("Unknown records", unknown_rows, ", kept and in no figure"),
    ...countLine("Duplicate ids", duplicate_rows, ", the row read first counts"),
  ];
}

function countLine(title: string, counts: RowCounts, meaning = ""): readonly Block[] {
  return linesOf(counts.length === 0 ? [] : [`${title}: ${sayRows(counts)}${meaning}`]);
}

function unreadablePlaces({ anomalies, unreadable_rows: rows }: ReportData): readonly Block[] {
  const places = rows.length === 0 ? [] : anomalies.filter(({ kind }) => kind === UNREADABLE_ROW);
  return placesOf(places.map(({ number, action }) => markAffected(action, [number])));
}

/** The first of them, and how many more there are. */
function placesOf(places: readonly string[]): readonly Block[] {
  const more = places.length - PLACES_MAX;
  return listOf([
    ...places.slice(0, PLACES_MAX),
    ...(more > 0 ? [`… and ${more} more; the report names them`] : []),
  ]);
}

function sayRows(counts: RowCounts): string {
  const named = counts.map(({ record, rows }) => `${record} ${rows}`).join(", ");
  return `${sum(counts.map(({ rows }) => rows))} (${named})`;
}

/** The windows that don't count: for planned ones the causes by period, and then what each of them lacks. */
function missingBlocks({ ran, by_hand: manual }: ReportData): readonly Block[] {
  if (ran.missing.length === 0) return [];
  const missing = ran.schedule.filter(({ state }) => state === "missing");
  const counts = ran.missing.map(({ provider, period, cause, windows }) =>
    markAffected(
      `${provider} period ${period}: ${windows} ${cause}`,
      missingAffectedBy(ran, { provider, period }),
    ),
  );
  return [
    ...linesOf([
      manual === null
        ? `Missing: ${counts.join(", ")}`
        : `Windows that don't count: ${missing.length}`,
    ]),
    ...placesOf(missing.map((line) => markAffected(lacksLine(line), line.touched_by))),
  ];
}

/** A window and all that it lacks to count, with these words between them. */
export function lacksLine(
  { window, agent, provider, lacks, outcome }: WindowLine,
  between = ": ",
): string {
  const said = lacks.map((lack) => sayLack(lack, outcome)).join(", ");
  return `${windowLabel(window ?? "", agent)} (${provider})${between}${said}`;
}
