import { sum } from "simple-statistics";

import { UNREADABLE_ROW } from "../../ledger/views/unreadable-fact.ts";
import { renderGate } from "../analysis/render-gate.ts";
import { ARMS_HEAD, ARMS_TITLE, armRows, ordersText } from "../format/arms-table.ts";
import { renderBudgetBar, type Style } from "../format/budget-bar.ts";
import {
  budgetName,
  drawnBudgets,
  emptyAt,
  OWNERS_HEAD,
  ownerRows,
} from "../format/budget-lines.ts";
import { dollarLines } from "../format/dollar-lines.ts";
import { intervalText, qualityIntervalText, ratioText } from "../format/estimate-text.ts";
import { sayMoment } from "../format/forecast.ts";
import {
  formatCount,
  formatFixed,
  formatSignificant,
  formatTokens,
  NOT_AVAILABLE,
} from "../format/number-text.ts";
import { plainTable } from "../format/plain-table.ts";
import { toPlainLine } from "../format/plain-text.ts";
import { markTouched } from "../format/touch-mark.ts";
import {
  decisionTouches,
  missingTouches,
  outcomesText,
  trafficTouches,
} from "../format/touched-counts.ts";
import { trafficLines } from "../format/traffic-lines.ts";
import type { BudgetLine, Budgets, ReportData, RowCounts } from "../report/report-data.ts";
import type { Comparison, ProviderFigures } from "../report/results-data.ts";
import { renderHandWork } from "./render-hand-work.ts";

/** Rows that can't be read, by their place. */
const PLACES_MAX = 5;
const FOOTNOTE = "† touched by an anomaly, by its number in the report";

/** How the preview is shown. */
interface PreviewManner {
  /** Without it the text is plain. */
  readonly style?: Style | undefined;
  /** For forecasts, ms since the Unix epoch; without it there are none. */
  readonly nowMs?: number;
  /** Of forecasts; by default that of the machine. */
  readonly timeZone?: string;
}

/** Where an experiment stands, in short, for a terminal. No newline at its end. */
export function renderPreview(report: ReportData, manner: PreviewManner = {}): string {
  const { ran, anomalies, title, asked } = report;
  const blocks = [
    [
      `${toPlainLine(title)}  [${asked.experiment_id}]`,
      `Windows: ${ran.windows.finalized} of ${ran.windows.planned} done`,
      `Outcomes: ${outcomesText(ran.outcomes, ran.schedule)}`,
      missingLine(report),
      anomalies.length === 0
        ? "Anomalies: 0"
        : `Anomalies: ${anomalies.length} (see anomalies.jsonl)`,
      ...uncountedLines(report),
    ].join("\n"),
    ...(report.by_hand === null
      ? [
          providerTable(report.providers),
          ...trafficBlock(report),
          costLines(report),
          ...armsBlock(report),
          ...dollarBlock(report),
          ...decisionBlocks(report),
          budgetLines(report, manner),
        ]
      : [
          ...renderHandWork(report.by_hand, report.providers, ran.schedule),
          ...trafficBlock(report),
          ...dollarBlock(report),
          ...decisionBlocks(report),
        ]),
  ];
  const text = blocks.join("\n\n");
  return text.includes("†") ? `${text}\n\n${FOOTNOTE}` : text;
}

/** Rows that enter no figure; nothing is said where there are none. */
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
  const more = places.length - PLACES_MAX;
  return [
    ...places
      .slice(0, PLACES_MAX)
      .map(({ number, action }) => `  ${markTouched(toPlainLine(action), [number])}`),
    ...(more > 0 ? [`  … and ${more} more; the report names them`] : []),
  ];
}

function sayRows(counts: RowCounts): string {
  const named = counts.map(({ record, rows }) => `${toPlainLine(record)} ${rows}`).join(", ");
  return `${sum(counts.map(({ rows }) => rows))} (${named})`;
}

function trafficBlock(report: ReportData): readonly string[] {
  const lines = trafficLines(report.traffic, (provider) => trafficTouches(report, provider));
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function dollarBlock(report: ReportData): readonly string[] {
  const lines = dollarLines(report);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function missingLine({ ran }: ReportData): string {
  const counts = ran.missing.map(({ provider, period, cause, windows }) =>
    markTouched(
      `${toPlainLine(provider)} period ${period}: ${windows} ${toPlainLine(cause)}`,
      missingTouches(ran, { provider, period }),
    ),
  );
  return `Missing: ${counts.join(", ") || "none"}`;
}

function providerTable(providers: readonly ProviderFigures[]): string {
  const head = ["Provider", "n", "Features", "Tokens", "Quality", "95 % CI", "Capacity"];
  return plainTable([
    [...head, "Features/Mtok", "95 % CI", "Files", "Lines"],
    ...providers.map(providerCells),
  ]);
}

function providerCells(figures: ProviderFigures): readonly string[] {
  const { windows, features, tokens_valid, quality, capacity, efficiency, churn } = figures;
  const cells = [
    String(windows.valid),
    String(features),
    formatTokens(tokens_valid),
    formatFixed(quality.value, 3),
    qualityIntervalText(quality.ci95),
    capacity.used === null ? NOT_AVAILABLE : formatTokens(capacity.used),
    formatSignificant(efficiency.value),
    intervalText(efficiency.ci95),
    churn.n === 0 ? NOT_AVAILABLE : formatCount(churn.files_changed),
    churn.n === 0 ? NOT_AVAILABLE : `+${churn.insertions} -${churn.deletions}`,
  ];
  const marked = cells.map((cell) =>
    cell.includes(NOT_AVAILABLE) ? cell : markTouched(cell, figures.touched_by),
  );
  return [toPlainLine(figures.provider), ...marked];
}

function costLines({ asked, comparisons }: ReportData): string {
  const baseline = toPlainLine(asked.baseline ?? "baseline");
  return comparisons
    .flatMap((one) => {
      const name = `${baseline} ÷ ${toPlainLine(one.candidate)}`;
      return [
        `Cost ratio ${name}: ${markRatio(one, ratioText(one.cost_ratio))}`,
        `  adjusted for order: ${markRatio(one, ratioText(one.adjusted_cost_ratio))}`,
        ...(comparisons.length > 1
          ? []
          : [
              `  order effect, period 1 ÷ period 2: ${markRatio(one, ratioText(one.order_effect))}`,
            ]),
        `  ${markTouched(sayPairs(one, comparisons.length > 1), one.touched_by)}`,
      ];
    })
    .join("\n");
}

function sayPairs({ pairs }: Comparison, isSeveral: boolean): string {
  return `${pairs.complete} of ${pairs.planned} pairs (${ordersText(pairs, isSeveral)})`;
}

/** Of three or more providers: what each pair by itself can't tell. */
function armsBlock({ arms }: ReportData): readonly string[] {
  if (arms === null) return [];
  return [`${ARMS_TITLE}:\n${plainTable([ARMS_HEAD, ...armRows(arms, toPlainLine)])}`];
}

function decisionBlocks(report: ReportData): readonly string[] {
  const { gate } = report;
  if (gate === null) return [];
  return [`Decision: ${renderGate(gate, (candidate) => decisionTouches(report, candidate))}`];
}

function markRatio({ touched_by }: Comparison, text: string): string {
  return text.startsWith(NOT_AVAILABLE) ? text : markTouched(text, touched_by);
}

function budgetLines({ budgets, ran }: ReportData, manner: PreviewManner): string {
  const drawn = drawnBudgets(budgets);
  const names = drawn.map((line) => toPlainLine(budgetName(line, budgets)));
  const width = Math.max(...names.map(({ length }) => length));
  const bar = { style: manner.style, hasVisuals: budgets.has_visuals };
  const isOver = ran.windows.finalized >= ran.windows.planned;
  const owners = ownerRows(budgets, toPlainLine);
  return [
    `Budgets (tokens, ${budgets.basis}):`,
    ...drawn.map((line, index) => {
      const text = renderBudgetBar({ ...line, basis: budgets.basis }, bar);
      const empty = isOver ? "" : sayEmpty(line, budgets, manner);
      return `  ${(names[index] ?? "").padEnd(width)}  ${markTouched(text, budgets.touched_by)}${empty}`;
    }),
    ...(owners.length === 0 ? [] : [indent(plainTable([[...OWNERS_HEAD], ...owners]))]),
  ].join("\n");
}

function sayEmpty(line: BudgetLine, budgets: Budgets, { nowMs, timeZone }: PreviewManner): string {
  if (nowMs === undefined) return "";
  const atMs = emptyAt(line, budgets, nowMs);
  return atMs === null ? "" : `, at this pace empty at ${sayMoment(atMs, nowMs, timeZone)}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, "  ");
}
