import type { ReportData, RowCounts } from "../report/report-data.ts";
import { renderBudgetBar } from "./budget-bar.ts";
import { markdownTable } from "./markdown-table.ts";
import { escapeMarkdown, markdownCode } from "./markdown-text.ts";
import { formatCount, NOT_AVAILABLE } from "./number-text.ts";
import { markTouched, touchFootnote } from "./touch-mark.ts";

export function anomalySection(report: ReportData): readonly string[] {
  const { anomalies, unreadable_rows, unknown_rows } = report;
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
  ];
}

function rowList(title: string, rows: RowCounts): readonly string[] {
  if (rows.length === 0) return [];
  return [title, rows.map(({ record, rows: n }) => `- ${escapeMarkdown(record)}: ${n}`).join("\n")];
}

export function budgetSection({ budgets }: ReportData): readonly string[] {
  const { overall, commands, events, touched_by } = budgets;
  const rows = [
    ["overall", overall.limit, overall.origin, overall.used] as const,
    ...commands.map(
      ({ command, limit, origin, used }) =>
        [`${command} (dearest attempt)`, limit, origin, used] as const,
    ),
  ];
  return [
    "## Budgets",
    `Mode ${escapeMarkdown(budgets.mode ?? NOT_AVAILABLE)}, basis \`${budgets.basis}\`; tokens of all attempts of all sessions.`,
    ...markdownTable(
      [
        ["Budget", "l"],
        ["Limit", "r"],
        ["From", "l"],
        ["Used", "r"],
        ["", "l"],
      ],
      rows.map(([name, limit, origin, used]) => [
        escapeMarkdown(name),
        limit === null ? "unlimited" : formatCount(limit),
        escapeMarkdown(origin ?? NOT_AVAILABLE),
        markTouched(formatCount(used), touched_by),
        `\`${renderBudgetBar({ used, limit })}\``,
      ]),
    ),
    `Taken beyond what requests had reserved: ${formatCount(budgets.overshoot)}. Reserved and never settled, counted as used: ${formatCount(budgets.unsettled)}.`,
    ...eventTable(events),
    ...touchFootnote([touched_by]),
  ];
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
