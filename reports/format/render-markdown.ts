import type { BudgetLine, ReportData, RowCounts } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { limitText, unitWord, usedText } from "../text/amount-text.ts";
import { escapeMarkdown, markdownCode, markdownTable, tableOf } from "../text/markdown.ts";
import { formatCount, NOT_AVAILABLE } from "../text/number-text.ts";
import { renderBudgetBar } from "./budget-bar.ts";
import { budgetName, drawnBudgets, OWNERS_HEAD, ownerRows } from "./budget-lines.ts";
import { dollarSection } from "./dollar-lines.ts";
import { decisionSection } from "./markdown-decision.ts";
import { costSection, pairSection, providerSection } from "./markdown-results.ts";
import { askedSection, ranSection } from "./markdown-run.ts";
import { trafficAffectedBy } from "./shared-lines.ts";
import { trafficLines } from "./traffic-lines.ts";

const SCRIPTED =
  "**The model was scripted.** Agents, proxy, budgets, grading and ledger were real; the answers came from a script. The figures show that the way works and say nothing about any real model.";

/** A report as GitHub-flavoured Markdown. The same report gives the same bytes. */
export function renderMarkdown(report: ReportData): string {
  const blocks = [
    `# ${escapeMarkdown(report.title)}`,
    ...(report.is_scripted ? [SCRIPTED] : []),
    ...askedSection(report),
    ...ranSection(report),
    ...providerSection(report),
    ...trafficSection(report),
    ...pairSection(report),
    ...costSection(report),
    ...dollarSection(report),
    ...decisionSection(report),
    ...anomalySection(report),
    ...budgetSection(report),
    ...provenanceSections(report),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function trafficSection(report: ReportData): readonly string[] {
  const [title, ...lines] = trafficLines(report.traffic, (provider) =>
    trafficAffectedBy(report, provider),
  );
  return title === undefined ? [] : ["## Subagent Proxy", ["```", ...lines, "```"].join("\n")];
}

function anomalySection(report: ReportData): readonly string[] {
  const { anomalies, unreadable_rows, unknown_rows, duplicate_rows } = report;
  return [
    "## Anomalies",
    ...(anomalies.length === 0
      ? ["None was recorded."]
      : tableOf(anomalies, {
          "No:": ({ number }) => String(number),
          Kind: ({ kind }) => escapeMarkdown(kind),
          Affects: ({ touches }) => touches.map(escapeMarkdown).join(", "),
          Windows: ({ windows }) => windows.map(escapeMarkdown).join(", "),
          "What was done": ({ action }) => escapeMarkdown(action),
        })),
    ...rowList(
      "Rows that break their schema, or have a later one, enter no figure:",
      unreadable_rows,
    ),
    ...rowList(
      "Rows of records that this version does not know are kept and enter no figure:",
      unknown_rows,
    ),
    ...rowList("Rows with the id of another row enter no figure:", duplicate_rows),
  ];
}

function rowList(title: string, rows: RowCounts): readonly string[] {
  if (rows.length === 0) return [];
  return [title, rows.map(({ record, rows: n }) => `- ${escapeMarkdown(record)}: ${n}`).join("\n")];
}

function budgetSection({ budgets }: ReportData): readonly string[] {
  const { events, touched_by, basis, has_visuals: hasVisuals } = budgets;
  const owners = ownerRows(budgets, escapeMarkdown);
  /** An amount with its unit; tokens are written to the last one. */
  const inFull = (value: number, write: typeof usedText, unit: BudgetLine["unit"]) =>
    `${unit === "tokens" ? formatCount(value) : write(unit, value)}${unitWord({ unit, basis })}`;
  return [
    "## Budgets",
    `Mode ${escapeMarkdown(budgets.mode ?? NOT_AVAILABLE)}, basis \`${basis}\`; all attempts of all sessions.`,
    ...tableOf(drawnBudgets(budgets), {
      Budget: (line) => escapeMarkdown(budgetName(line, budgets)),
      "Limit:": (line) =>
        line.limit === null ? "unlimited" : inFull(line.limit, limitText, line.unit),
      From: ({ origin }) => escapeMarkdown(origin ?? NOT_AVAILABLE),
      "Used:": (line) => markAffected(inFull(line.used, usedText, line.unit), touched_by),
      "": (line) => `\`${renderBudgetBar({ ...line, basis }, { hasVisuals })}\``,
      "Pace of the last session:": (line) =>
        line.pace_per_hour === null
          ? NOT_AVAILABLE
          : `${inFull(line.pace_per_hour, usedText, line.unit)} an hour`,
    }),
    ...(owners.length === 0 ? [] : markdownTable(OWNERS_HEAD, owners)),
    `Tokens taken beyond what requests had reserved: ${formatCount(budgets.overshoot)}. Reserved and never settled, counted as used: ${formatCount(budgets.unsettled)}.`,
    ...(events.length === 0
      ? ["No warning, refusal or breach."]
      : tableOf(events, {
          Budget: ({ budget }) => escapeMarkdown(budget),
          "Warnings:": ({ warned }) => String(warned),
          "Refusals:": ({ refused }) => String(refused),
          "Breaches:": ({ breached }) => String(breached),
        })),
    ...affectedFootnote([touched_by]),
  ];
}

function provenanceSections(report: ReportData): readonly string[] {
  const isolation = report.isolation.map(
    (one) => `- ${one.part}, isolation: ${escapeMarkdown(one.isolation)} (${one.windows} windows)`,
  );
  return [
    "## Isolation",
    isolation.join("\n") || "No agent ran and nothing was graded.",
    "## Versions",
    ...tableOf(report.versions, {
      Part: ({ name }) => escapeMarkdown(name),
      Version: ({ versions }) => versions.map(escapeMarkdown).join(", "),
    }),
    "## How to reproduce",
    "With the same configuration and the same task digests this draws the same schedule under the same experiment id:",
    markdownCode(report.reproduce),
  ];
}
