import type { WindowLine } from "../evidence/observe-windows.ts";
import type { BudgetLine, Budgets } from "../report/budget-data.ts";
import type { ManualFigures, SnapshotPair, SourceTokens } from "../report/manual-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { AFFECTED_FOOTNOTE, markAffected } from "../text/affected-mark.ts";
import { budgetText, emptyAtMs, sayMoment, usedPercent } from "../text/budget-bar.ts";
import { formatTokens } from "../text/number-text.ts";
import { windowLabel } from "../text/window-label.ts";
import { answerBrief } from "./answer-brief.ts";
import { attentionSection, lacksLine, noAnomalies, PLACES_MAX } from "./attention-section.ts";
import { budgetName, drawnBudgets } from "./budget-names.ts";
import { ownerTable } from "./budget-section.ts";
import { costSummary, itselfPart } from "./cost-part.ts";
import type { Block, Figure, ReportDocument, Section } from "./document.ts";
import { dollarSummary } from "./dollar-lines.ts";
import { gateSummary } from "./gate-section.ts";
import { ledgerFigures } from "./ledger-figures.ts";
import { METHOD } from "./method.ts";
import { networkLines } from "./network-lines.ts";
import { type ColumnOf, linesOf, pickColumns, tableOf, textOf } from "./parts.ts";
import { providerSummary } from "./provider-section.ts";
import { meterTable, READING_COLUMNS, readingTable } from "./reconciliation-section.ts";
import { openAgentLines, outcomesText, teamLines, uncountedLines } from "./shared-lines.ts";
import { trafficSummary } from "./traffic-lines.ts";
import { windowColumns } from "./window-section.ts";

interface PreviewManner {
  /** More lines of what needs attention, from rows that the report leaves out. */
  readonly attention?: readonly string[];
  /** The time of forecasts, ms since the Unix epoch; without it there are none. */
  readonly nowMs?: number;
  /** The time zone of forecasts; by default that of the machine. */
  readonly timeZone?: string;
}

/** The state of an experiment in short. */
export function previewDocument(report: ReportData, manner: PreviewManner = {}): ReportDocument {
  const { ran, ledger, by_hand: manual } = report;
  const sections = [
    attentionSection(report, manner.attention ?? []),
    untitled("answer", [answerBrief(report)]),
    untitled("windows", [
      ...linesOf([
        `Windows: ${ran.windows.finalized} of ${ran.windows.planned} done`,
        `Outcomes: ${outcomesText(ran.outcomes, ran.schedule)}`,
        ...(ran.missing.length === 0 ? ["Missing: none"] : []),
        ...noAnomalies(report.anomalies),
        ...teamLines(report),
        ...networkLines(report, PLACES_MAX),
      ]),
      providerSummary(report),
      ...(manual === null
        ? []
        : [meterTable(manual.meters), ...windowTables(ran.schedule, manual, report)]),
    ]),
    ...trafficSummary(report),
    ...costSummary(report),
    ...dollarSummary(report),
    ...itselfPart(report),
    ...gateSummary(report),
    ...(manual === null ? [budgetSummary(report, manner)] : []),
    untitled("ledger", ledgerFigures(ledger)),
  ];
  const isMarked = JSON.stringify(sections).includes(" †");
  return {
    ...documentOf(report, sections),
    warnings: [...openAgentLines(report), ...uncountedLines(report)],
    sections: isMarked ? [...sections, untitled("mark", [textOf(AFFECTED_FOOTNOTE)])] : sections,
  };
}

/** One window: its line, its readings and the anomalies that affect it; undefined if there is none. */
export function windowDocument(window: string, report: ReportData): ReportDocument | undefined {
  const { ran, by_hand: manual, anomalies, ledger } = report;
  const lines = ran.schedule.filter((line) => line.window === window);
  if (lines.length === 0) return undefined;
  const own = <One extends { readonly window: string | null }>(all: readonly One[] = []) =>
    all.filter((one) => one.window === window);
  const [snapshots, usage] = [own(manual?.snapshots), own(manual?.usage)];
  const numbers = new Set([...lines, ...snapshots].flatMap(({ touched_by }) => touched_by));
  const touching = anomalies.filter(({ number }) => numbers.has(number));
  const missing = lines.filter(({ state }) => state === "missing");
  return documentOf(report, [
    untitled("window", [
      ...windowTables(lines, { snapshots, usage }, report),
      ...missing.map((line) =>
        textOf(
          `${lacksLine(line, " does not count: ")}. experiment audit --window ${window} says what to do.`,
        ),
      ),
    ]),
    untitled(
      "anomalies",
      linesOf(touching.map(({ number, kind, action }) => `† ${number} ${kind}: ${action}`)),
    ),
    untitled("ledger", ledgerFigures(ledger)),
  ]);
}

function documentOf({ title, asked }: ReportData, sections: readonly Section[]): ReportDocument {
  return { title: `${title}  [${asked.experiment_id}]`, warnings: [], sections };
}

function untitled(id: string, blocks: readonly Block[]): Section {
  return { id, title: "", blocks };
}

function budgetSummary({ budgets, ran }: ReportData, manner: PreviewManner): Section {
  const isOver = ran.windows.finalized >= ran.windows.planned;
  const figures = drawnBudgets(budgets).map((line): Figure => {
    const use = { ...line, basis: budgets.basis };
    const empty = isOver ? "" : sayEmpty(line, budgets, manner);
    return {
      name: budgetName(line, budgets),
      value: `${markAffected(budgetText(use), budgets.touched_by)}${empty}`,
      share: budgets.has_visuals ? usedPercent(use) : undefined,
      meaning: "What was used of the limit.",
      method: METHOD.budgets,
    };
  });
  return {
    id: "budgets",
    title: `Budgets (tokens, ${budgets.basis}):`,
    blocks: [{ kind: "figures", figures, isBars: true }, ownerTable(budgets)],
  };
}

const HOUR_MS = 3_600_000;

/** When the budget is empty at the pace of the last session. */
function sayEmpty(
  { used, limit, pace_per_hour: pace, scope }: BudgetLine,
  { period_ms }: Budgets,
  { nowMs, timeZone }: PreviewManner,
): string {
  if (nowMs === undefined || pace === null) return "";
  const everyMs = scope === "period" ? period_ms : null;
  const atMs = emptyAtMs({ used, limit, taken: pace, spanMs: HOUR_MS, everyMs }, nowMs);
  return atMs === null ? "" : `, at this pace empty at ${sayMoment(atMs, nowMs, timeZone)}`;
}

const NONE_READ: SnapshotPair["meters"][number] = {
  meter: "none read",
  unit: "",
  before: null,
  after: null,
  delta: null,
  flag: null,
};

/** Windows, what was read before and after them, and what logs and other programs counted. */
function windowTables(
  lines: readonly WindowLine[],
  { snapshots, usage = [] }: Pick<ManualFigures, "snapshots" | "usage">,
  { asked }: ReportData,
): readonly Block[] {
  const read = snapshots.map((pair) =>
    pair.meters.length === 0 ? { ...pair, meters: [NONE_READ] } : pair,
  );
  const tables = [
    tableOf({
      id: "windows",
      items: lines,
      columns: pickColumns([...STATES, ...windowColumns(asked)], WINDOWS),
      meaning: "Windows, and whether they count.",
      method: METHOD.manual,
    }),
    readingTable(read, pickColumns([...READING_COLUMNS, READ_BY], READINGS)),
    tableOf({
      id: "usage",
      items: usage,
      columns: USAGE_COLUMNS,
      meaning: "The tokens of all classes that logs and other programs counted.",
      method: METHOD.manual,
    }),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

const WINDOWS = ["Window", "Provider", "Task", "Outcome", "Quality", "Counts", "Source"];

const STATES: readonly ColumnOf<WindowLine>[] = [
  {
    title: "Outcome",
    cell: ({ outcome, touched_by }) =>
      outcome === null ? "open" : markAffected(outcome, touched_by),
  },
  { title: "Counts", cell: ({ state }) => (state === "valid" ? "yes" : "no") },
  { title: "Source", cell: ({ source }) => source ?? "" },
];

const READINGS = ["Window", "Provider", "Meter", "Before", "After", "Difference", "Unit", "Source"];

const READ_BY: ColumnOf<SnapshotPair> = {
  title: "Source",
  // Two rows of one source name it once.
  cell: ({ before_source: before, after_source: after }) =>
    [...new Set([before, after])].filter((source) => source !== null).join(", then "),
};

const USAGE_COLUMNS: readonly ColumnOf<SourceTokens>[] = [
  {
    title: "Usage",
    isKey: true,
    cell: ({ window, agent, reason }) =>
      window === null ? `none (${reason ?? ""})` : windowLabel(window, agent),
  },
  { title: "Provider", isKey: true, cell: ({ provider }) => provider },
  { title: "Tokens", cell: ({ tokens }) => formatTokens(tokens) },
  { title: "Counts", cell: ({ counts }) => (counts ? "yes" : "no") },
  { title: "Counted by", cell: ({ source }) => source },
  { title: "Source", cell: ({ recorded_by: by }) => by.join(", ") },
];
