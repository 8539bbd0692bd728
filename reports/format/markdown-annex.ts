import type { BudgetLine, Budgets, ReportData, RowCounts } from "../report/report-data.ts";
import { limitText, unitWord, usedText } from "./amount-text.ts";
import { renderBudgetBar } from "./budget-bar.ts";
import { budgetName, drawnBudgets, OWNERS_HEAD, ownerRows } from "./budget-lines.ts";
import { markdownTable } from "./markdown-table.ts";
import { escapeMarkdown, markdownCode } from "./markdown-text.ts";
import { formatCount, NOT_AVAILABLE } from "./number-text.ts";
import { markTouched, touchFootnote } from "./touch-mark.ts";

export function anomalySection(report: ReportData): readonly string[] {
  const { anomalies, unreadable_rows, unknown_rows, duplicate_rows } = report;
  return [
    "## Anomalies",
    ...(anomalies.length === 0
      ? ["None was recorded."]
      : markdownTable(
          [
            ["No", "r"],
            ["Kind", "l"],
            ["Touches", "l"],
            ["Windows", "l"],
            ["What was done", "l"],
          ],
          anomalies.map(({ number, kind, touches, windows, action }) => [
            String(number),
            escapeMarkdown(kind),
            touches.map(escapeMarkdown).join(", "),
            windows.map(escapeMarkdown).join(", "),
            escapeMarkdown(action),
          ]),
        )),
    ...rowList(
      "Rows that do not keep their schema, or have a later one, enter nowhere:",
      unreadable_rows,
    ),
    ...rowList(
      "Rows of records that this version does not know are kept and enter nowhere:",
      unknown_rows,
    ),
    ...rowList("Rows with the id of another row enter nowhere:", duplicate_rows),
  ];
}

function rowList(title: string, rows: RowCounts): readonly string[] {
  if (rows.length === 0) return [];
  return [title, rows.map(({ record, rows: n }) => `- ${escapeMarkdown(record)}: ${n}`).join("\n")];
}

export function budgetSection({ budgets }: ReportData): readonly string[] {
  const { events, touched_by, basis, has_visuals: hasVisuals } = budgets;
  const owners = ownerRows(budgets, escapeMarkdown);
  return [
    "## Budgets",
    `Mode ${escapeMarkdown(budgets.mode ?? NOT_AVAILABLE)}, basis \`${basis}\`; all attempts of all sessions.`,
    ...markdownTable(
      [
        ["Budget", "l"],
        ["Limit", "r"],
        ["From", "l"],
        ["Used", "r"],
        ["", "l"],
        ["Pace of the last session", "r"],
      ],
      drawnBudgets(budgets).map((line) => [
        escapeMarkdown(budgetName(line, budgets)),
        line.limit === null ? "unlimited" : limitInFull(line, line.limit, basis),
        escapeMarkdown(line.origin ?? NOT_AVAILABLE),
        markTouched(amount(line, line.used, basis), touched_by),
        `\`${renderBudgetBar({ ...line, basis }, { hasVisuals })}\``,
        line.pace_per_hour === null
          ? NOT_AVAILABLE
          : `${amount(line, line.pace_per_hour, basis)} an hour`,
      ]),
    ),
    ...(owners.length === 0
      ? []
      : markdownTable(
          OWNERS_HEAD.map((head) => [head, NUMBERS.has(head) ? "r" : "l"] as const),
          owners,
        )),
    `Tokens taken beyond what requests had reserved: ${formatCount(budgets.overshoot)}. Reserved and never settled, counted as used: ${formatCount(budgets.unsettled)}.`,
    ...eventTable(events),
    ...touchFootnote([touched_by]),
  ];
}

const NUMBERS: ReadonlySet<string> = new Set(["Attempts", "Total", "Dearest attempt", "Limit"]);

function limitInFull({ unit }: BudgetLine, limit: number, basis: Budgets["basis"]): string {
  const text = unit === "tokens" ? formatCount(limit) : limitText(unit, limit);
  return `${text}${unitWord({ unit, basis })}`;
}

/** In full, with its unit: tokens are counted to the last one here. */
function amount({ unit }: BudgetLine, value: number, basis: Budgets["basis"]): string {
  const text = unit === "tokens" ? formatCount(value) : usedText(unit, value);
  return `${text}${unitWord({ unit, basis })}`;
}

function eventTable(events: ReportData["budgets"]["events"]): readonly string[] {
  if (events.length === 0) return ["No warning, refusal or breach."];
  return markdownTable(
    [
      ["Budget", "l"],
      ["Warnings", "r"],
      ["Refusals", "r"],
      ["Breaches", "r"],
    ],
    events.map(({ budget, warned, refused, breached }) => [
      escapeMarkdown(budget),
      ...[warned, refused, breached].map(String),
    ]),
  );
}

export function provenanceSections(report: ReportData): readonly string[] {
  const isolation = report.isolation.map(
    (one) => `- ${one.part}, isolation: ${escapeMarkdown(one.isolation)} (${one.windows} windows)`,
  );
  return [
    "## Isolation",
    isolation.join("\n") || "No agent ran and nothing was graded.",
    "## Versions",
    ...markdownTable(
      [
        ["Part", "l"],
        ["Version", "l"],
      ],
      report.versions.map(({ name, versions }) => [
        escapeMarkdown(name),
        versions.map(escapeMarkdown).join(", "),
      ]),
    ),
    "## How to reproduce",
    "With the same configuration and the same task digests this draws the same schedule under the same experiment id:",
    markdownCode(report.reproduce),
  ];
}
