import { sum } from "simple-statistics";

import { renderGate } from "../analysis/render-gate.ts";
import { ARMS_HEAD, ARMS_TITLE, armRows, ordersText } from "../format/arms-table.ts";
import { renderBudgetBar, type Style } from "../format/budget-bar.ts";
import { dollarLines } from "../format/dollar-lines.ts";
import { qualityIntervalText, ratioText } from "../format/estimate-text.ts";
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
import type { ReportData, RowCounts } from "../report/report-data.ts";
import type { Comparison, ProviderFigures } from "../report/results-data.ts";
import { renderHandWork } from "./render-hand-work.ts";

const FOOTNOTE = "† touched by an anomaly, by its number in the report";

/**
 * Where an experiment stands, in short, for a terminal. Colours come only from `style`; without it
 * the text is plain. No newline at its end.
 */
export function renderPreview(report: ReportData, style?: Style): string {
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
          budgetLines(report, style),
        ]
      : [
          ...renderHandWork(report.by_hand, report.providers, ran.schedule),
          ...decisionBlocks(report),
        ]),
  ];
  const text = blocks.join("\n\n");
  return text.includes("†") ? `${text}\n\n${FOOTNOTE}` : text;
}

/** Rows that enter no figure; nothing is said where there are none. */
function uncountedLines({ unreadable_rows, unknown_rows }: ReportData): readonly string[] {
  return [
    ...(unreadable_rows.length === 0 ? [] : [`Unreadable rows: ${sayRows(unreadable_rows)}`]),
    ...(unknown_rows.length === 0
      ? []
      : [`Unknown records: ${sayRows(unknown_rows)}, kept and in no figure`]),
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
    [...head, "Features/Mtok", "Files", "Lines"],
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
    formatSignificant(efficiency),
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

function budgetLines({ budgets }: ReportData, style: Style | undefined): string {
  const bars = [
    { name: "overall", ...budgets.overall },
    ...budgets.commands.map((one) => ({ ...one, name: `${one.command} (dearest attempt)` })),
  ];
  const names = bars.map(({ name }) => toPlainLine(name));
  const width = Math.max(...names.map(({ length }) => length));
  return [
    `Budgets (tokens, ${budgets.basis}):`,
    ...bars.map(
      (bar, index) =>
        `  ${(names[index] ?? "").padEnd(width)}  ${markTouched(renderBudgetBar(bar, style), budgets.touched_by)}`,
    ),
  ].join("\n");
}
