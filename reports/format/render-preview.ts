import { sum } from "simple-statistics";

import { UNREADABLE_ROW } from "../../ledger/views/unreadable-fact.ts";
import { ratioText } from "../report/estimate.ts";
import type { BudgetLine, Budgets, ReportData, RowCounts } from "../report/report-data.ts";
import type { ProviderFigures } from "../report/results-data.ts";
import { AFFECTED_FOOTNOTE, markAffected, markFigure } from "../text/affected-mark.ts";
import { plainTable } from "../text/plain-table.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { renderBudgetBar, type Style } from "./budget-bar.ts";
import { budgetName, drawnBudgets, emptyAt, OWNERS_HEAD, ownerRows } from "./budget-lines.ts";
import { dollarLines } from "./dollar-lines.ts";
import { sayMoment } from "./forecast.ts";
import { renderGate } from "./render-gate.ts";
import { renderManual } from "./render-manual.ts";
import {
  ARMS_HEAD,
  ARMS_TITLE,
  armRows,
  decisionAffectedBy,
  missingAffectedBy,
  ordersText,
  outcomesText,
  providerCells,
  trafficAffectedBy,
} from "./shared-lines.ts";
import { trafficLines } from "./traffic-lines.ts";

/** So many unreadable rows are named by their place. */
const PLACES_MAX = 5;

interface PreviewManner {
  /** Colours for a terminal; by default the text is plain. */
  readonly style?: Style | undefined;
  /** The time of forecasts, ms since the Unix epoch; without it there are none. */
  readonly nowMs?: number;
  /** The time zone of forecasts; by default that of the machine. */
  readonly timeZone?: string;
}

/** The state of an experiment in short, for a terminal; no newline at its end. */
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
      ? [providerTable(report.providers)]
      : renderManual(report.by_hand, report)),
    trafficLines(report.traffic, (provider) => trafficAffectedBy(report, provider)).join("\n"),
    costLines(report),
    armsBlock(report),
    dollarLines(report).join("\n"),
    decisionBlock(report),
    report.by_hand === null ? budgetLines(report, manner) : "",
  ];
  const text = blocks.filter((block) => block !== "").join("\n\n");
  return text.includes("†") ? `${text}\n\n${AFFECTED_FOOTNOTE}` : text;
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
  const more = places.length - PLACES_MAX;
  return [
    ...places
      .slice(0, PLACES_MAX)
      .map(({ number, action }) => `  ${markAffected(toPlainLine(action), [number])}`),
    ...(more > 0 ? [`  … and ${more} more; the report names them`] : []),
  ];
}

function sayRows(counts: RowCounts): string {
  const named = counts.map(({ record, rows }) => `${toPlainLine(record)} ${rows}`).join(", ");
  return `${sum(counts.map(({ rows }) => rows))} (${named})`;
}

function missingLine({ ran }: ReportData): string {
  const counts = ran.missing.map(({ provider, period, cause, windows }) =>
    markAffected(
      `${toPlainLine(provider)} period ${period}: ${windows} ${toPlainLine(cause)}`,
      missingAffectedBy(ran, { provider, period }),
    ),
  );
  return `Missing: ${counts.join(", ") || "none"}`;
}

function providerTable(providers: readonly ProviderFigures[]): string {
  const head = ["Provider", "n", "Features", "Tokens", "Quality", "95 % CI", "Capacity"];
  return plainTable([
    [...head, "Features/Mtok", "95 % CI", "Files", "Lines"],
    ...providers.map((figures) => Object.values(providerCells(figures)).flat()),
  ]);
}

function costLines({ asked, comparisons }: ReportData): string {
  const baseline = toPlainLine(asked.baseline ?? "baseline");
  const isSeveral = comparisons.length > 1;
  return comparisons
    .flatMap(({ candidate, pairs, touched_by, ...estimates }) => {
      const ratio = (name: "cost_ratio" | "adjusted_cost_ratio" | "order_effect") =>
        markFigure(ratioText(estimates[name]), touched_by);
      const count = `${pairs.complete} of ${pairs.planned} pairs (${ordersText(pairs, isSeveral)})`;
      return [
        `Cost ratio ${baseline} ÷ ${toPlainLine(candidate)}: ${ratio("cost_ratio")}`,
        `  adjusted for order: ${ratio("adjusted_cost_ratio")}`,
        ...(isSeveral ? [] : [`  order effect, period 1 ÷ period 2: ${ratio("order_effect")}`]),
        `  ${markAffected(count, touched_by)}`,
      ];
    })
    .join("\n");
}

/** All of three or more providers at once, which the pairs by themselves can't compare. */
function armsBlock({ arms }: ReportData): string {
  if (arms === null) return "";
  return `${ARMS_TITLE}:\n${plainTable([ARMS_HEAD, ...armRows(arms, toPlainLine)])}`;
}

function decisionBlock(report: ReportData): string {
  const { gate } = report;
  if (gate === null) return "";
  return `Decision: ${renderGate(gate, (candidate) => decisionAffectedBy(report, candidate))}`;
}

function budgetLines({ budgets, ran }: ReportData, manner: PreviewManner): string {
  const drawn = drawnBudgets(budgets);
  const names = drawn.map((line) => toPlainLine(budgetName(line, budgets)));
  const width = Math.max(...names.map(({ length }) => length));
  const bar = { style: manner.style, hasVisuals: budgets.has_visuals };
  const isOver = ran.windows.finalized >= ran.windows.planned;
  const owners = ownerRows(budgets, toPlainLine);
  const head = OWNERS_HEAD.map((heading) => heading.replace(":", ""));
  return [
    `Budgets (tokens, ${budgets.basis}):`,
    ...drawn.map((line, index) => {
      const text = renderBudgetBar({ ...line, basis: budgets.basis }, bar);
      const empty = isOver ? "" : sayEmpty(line, budgets, manner);
      return `  ${(names[index] ?? "").padEnd(width)}  ${markAffected(text, budgets.touched_by)}${empty}`;
    }),
    ...(owners.length === 0 ? [] : [indent(plainTable([head, ...owners]))]),
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
