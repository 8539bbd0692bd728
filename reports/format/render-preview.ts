import { AGAINST_ITSELF_TITLE, againstItselfLines } from "../document/against-itself-lines.ts";
import { budgetName, drawnBudgets } from "../document/budget-names.ts";
import { ownerTable } from "../document/budget-section.ts";
import { costSummary } from "../document/cost-part.ts";
import { dollarLines } from "../document/dollar-lines.ts";
import { gateSummary } from "../document/gate-section.ts";
import { ledgerFigures } from "../document/ledger-figures.ts";
import { networkLines } from "../document/network-lines.ts";
import { providerSummary } from "../document/provider-section.ts";
import { meterTable } from "../document/reconciliation-section.ts";
import {
  openAgentLines,
  outcomesText,
  teamLines,
  trafficAffectedBy,
  trafficLines,
  unmeteredLines,
} from "../document/shared-lines.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import type { BudgetLine, Budgets } from "../report/budget-data.ts";
import type { ManualFigures, SnapshotPair, SourceTokens } from "../report/manual-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { AFFECTED_FOOTNOTE, markAffected, markFigure } from "../text/affected-mark.ts";
import { formatFixed, formatTokens, NOT_AVAILABLE } from "../text/number-text.ts";
import { cellsOf, type Columns, plainTable } from "../text/plain-table.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { windowLabel } from "../text/window-label.ts";
import { COLUMNS } from "../text/wrap-text.ts";
import { attentionBlock, lacksLine, noAnomalies, PLACES_MAX } from "./attention-lines.ts";
import { emptyAt, renderBudgetBar, sayMoment, type Style } from "./budget-lines.ts";
import { renderAnswers } from "./render-answer.ts";
import { renderBlock, renderSection } from "./render-terminal.ts";

interface PreviewManner {
  /** Colours for a terminal; by default the text is plain. */
  readonly style?: Style | undefined;
  /** The width of the place that shows it; without one, only the answer is broken into lines. */
  readonly columns?: number | undefined;
  /** More lines of what needs attention, from rows that the report leaves out. */
  readonly attention?: readonly string[];
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
      ...openAgentLines(report).map((line) => manner.style?.("bold", line) ?? line),
    ].join("\n"),
    attentionBlock(report, manner.attention),
    renderAnswers(report, manner.columns ?? COLUMNS),
    [
      `Windows: ${ran.windows.finalized} of ${ran.windows.planned} done`,
      `Outcomes: ${outcomesText(ran.outcomes, ran.schedule)}`,
      ...(ran.missing.length === 0 ? ["Missing: none"] : []),
      ...noAnomalies(anomalies),
      ...teamLines(report),
      ...networkLines(report, { escape: toPlainLine, hostsMax: PLACES_MAX }),
    ].join("\n"),
    ...(report.by_hand === null
      ? [renderBlock(providerSummary(report), manner)]
      : renderManual(report.by_hand, report, manner)),
    trafficLines(report.traffic, (provider) => trafficAffectedBy(report, provider)).join("\n"),
    unmeteredLines(report).join("\n"),
    ...costSummary(report).flatMap((section) => renderSection(section, manner)),
    dollarLines(report).join("\n"),
    againstItselfBlock(report),
    ...gateSummary(report).flatMap((section) => renderSection(section, manner)),
    report.by_hand === null ? budgetLines(report, manner) : "",
    ...ledgerFigures(report.ledger).map((block) => renderBlock(block, manner)),
  ];
  const text = blocks.filter((block) => block !== "").join("\n\n");
  return text.includes("†") ? `${text}\n\n${AFFECTED_FOOTNOTE}` : text;
}

function againstItselfBlock(report: ReportData): string {
  const lines = againstItselfLines(report).map((line) => `  ${line}`);
  return lines.length === 0 ? "" : [`${AGAINST_ITSELF_TITLE}:`, ...lines].join("\n");
}

function budgetLines({ budgets, ran }: ReportData, manner: PreviewManner): string {
  const drawn = drawnBudgets(budgets);
  const names = drawn.map((line) => toPlainLine(budgetName(line, budgets)));
  const width = Math.max(...names.map(({ length }) => length));
  const bar = { style: manner.style, hasVisuals: budgets.has_visuals };
  const isOver = ran.windows.finalized >= ran.windows.planned;
  const table = renderBlock(ownerTable(budgets), { columns: manner.columns });
  return [
    `Budgets (tokens, ${budgets.basis}):`,
    ...drawn.map((line, index) => {
      const text = renderBudgetBar({ ...line, basis: budgets.basis }, bar);
      const empty = isOver ? "" : sayEmpty(line, budgets, manner);
      return `  ${(names[index] ?? "").padEnd(width)}  ${markAffected(text, budgets.touched_by)}${empty}`;
    }),
    table.replaceAll(/^/gmu, "  "),
  ].join("\n");
}

function sayEmpty(line: BudgetLine, budgets: Budgets, { nowMs, timeZone }: PreviewManner): string {
  if (nowMs === undefined) return "";
  const atMs = emptyAt(line, budgets, nowMs);
  return atMs === null ? "" : `, at this pace empty at ${sayMoment(atMs, nowMs, timeZone)}`;
}

/** The tables of manual windows: providers, capacity by meter, windows, readings. */
function renderManual(
  { meters, snapshots, usage = [] }: ManualFigures,
  report: ReportData,
  manner: PreviewManner,
): readonly string[] {
  const { columns } = manner;
  return [
    renderBlock(providerSummary(report), manner),
    renderBlock(meterTable(meters), manner),
    windowTable(report.ran.schedule, columns),
    readingTable(snapshots, columns),
    usageTable(usage, columns),
  ];
}

const WINDOW_COLUMNS: Columns<WindowLine> = {
  Window: ({ window, agent }) => toPlainLine(windowLabel(window ?? "", agent)),
  Provider: ({ provider }) => toPlainLine(provider),
  Feature: ({ feature_id }) => toPlainLine(feature_id),
  Outcome: ({ outcome, touched_by }) =>
    outcome === null ? "open" : markAffected(outcome, touched_by),
  Quality: ({ quality, touched_by }) => markFigure(formatFixed(quality, 3), touched_by),
  Counts: ({ state }) => (state === "valid" ? "yes" : "no"),
  Source: ({ source }) => source ?? "",
};

function pairCells(pair: SnapshotPair): readonly (readonly string[])[] {
  const place = [windowLabel(pair.window, pair.agent), pair.provider].map(toPlainLine);
  // Two rows of one source name it once.
  const named = [pair.before_source, pair.after_source].filter((source) => source !== null);
  const sources = [...new Set(named)];
  const hasBoth = pair.before_at !== null && pair.after_at !== null;
  if (pair.meters.length === 0) return [[...place, "none read", "", "", "", ""]];
  return pair.meters.map(({ meter, unit, before, after, delta, flag }) => [
    ...place,
    toPlainLine(meter),
    before === null ? "–" : markAffected(`${before} ${unit}`, pair.touched_by),
    after === null ? "–" : markAffected(`${after} ${unit}`, pair.touched_by),
    hasBoth ? markAffected(sayDelta(delta, flag), pair.touched_by) : "open",
    sources.join(", then "),
  ]);
}

function sayDelta(delta: number | null, flag: string | null): string {
  return delta === null ? `${NOT_AVAILABLE} (${flag ?? ""})` : `+${delta}`;
}

/** One window: its line, its readings and the anomalies that affect it; undefined if there is none. */
export function renderPreviewOf(
  window: string,
  { ran, by_hand, anomalies, title, asked, ledger }: ReportData,
  columns?: number,
): string | undefined {
  const lines = ran.schedule.filter((line) => line.window === window);
  if (lines.length === 0) return undefined;
  const readings = (by_hand?.snapshots ?? []).filter((pair) => pair.window === window);
  const numbers = new Set([...lines, ...readings].flatMap(({ touched_by }) => touched_by));
  const touching = anomalies.filter(({ number }) => numbers.has(number));
  return [
    `${toPlainLine(title)}  [${asked.experiment_id}]`,
    windowTable(lines, columns),
    readingTable(readings, columns),
    usageTable(by_hand?.usage?.filter((one) => one.window === window) ?? [], columns),
    ...lines.flatMap((line) =>
      line.state === "missing"
        ? [
            `${lacksLine(line, " does not count: ")}. experiment audit --window ${window} says what to do.`,
          ]
        : [],
    ),
    ...(touching.length === 0
      ? []
      : [
          touching
            .map(({ number, kind, action }) => `† ${number} ${toPlainLine(`${kind}: ${action}`)}`)
            .join("\n"),
        ]),
    ...ledgerFigures(ledger).map((block) => renderBlock(block)),
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

function windowTable(lines: readonly WindowLine[], columns?: number): string {
  if (lines.length === 0) return "";
  return plainTable(cellsOf(lines, WINDOW_COLUMNS), { columns, names: 2 });
}

const USAGE_COLUMNS: Columns<SourceTokens> = {
  Usage: ({ window, agent, reason }) =>
    window === null ? `none (${reason ?? ""})` : toPlainLine(windowLabel(window, agent)),
  Provider: ({ provider }) => toPlainLine(provider),
  Tokens: ({ tokens }) => formatTokens(tokens),
  Counts: ({ counts }) => (counts ? "yes" : "no"),
  "Counted by": ({ source }) => toPlainLine(source),
  Source: ({ recorded_by: by }) => by.join(", "),
};

/** The tokens that logs and other programs counted, of all classes. */
function usageTable(usage: readonly SourceTokens[], columns?: number): string {
  if (usage.length === 0) return "";
  return plainTable(cellsOf(usage, USAGE_COLUMNS), { columns, names: 2 });
}

function readingTable(snapshots: readonly SnapshotPair[], columns?: number): string {
  if (snapshots.length === 0) return "";
  const head = ["Readings", "Provider", "Meter", "Before", "After", "Delta", "Source"];
  return plainTable([head, ...snapshots.flatMap(pairCells)], { columns, names: 2 });
}
