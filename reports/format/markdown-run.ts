import type { ReportData, WindowLine } from "../report/report-data.ts";
import { costText } from "./cost-text.ts";
import { markdownTable } from "./markdown-table.ts";
import { escapeMarkdown } from "./markdown-text.ts";
import { formatCount, formatFixed, NOT_AVAILABLE } from "./number-text.ts";
import { planBasisText } from "./plan-lines.ts";
import { markTouched, touchFootnote } from "./touch-mark.ts";
import { missingTouches, outcomesText } from "./touched-counts.ts";

export function askedSection({ asked, dollars }: ReportData): readonly string[] {
  const hasCohorts = asked.tasks.some(({ cohort }) => cohort > 1);
  return [
    "## What was asked",
    [
      `- Name: ${escapeMarkdown(asked.name)}`,
      `- Baseline: ${textOf(asked.baseline)}`,
      `- Candidates: ${asked.candidates.map(escapeMarkdown).join(", ") || NOT_AVAILABLE}`,
      `- Cost: ${sayMeasure(asked)}${sayBasis({ asked, dollars })}${asked.cost_scope === "subagents" ? ", of sub-agents' requests alone" : ""}${asked.is_cost_comparable ? "" : "; not comparable between these providers"}`,
      `- Seed: ${textOf(asked.seed)}`,
      `- Experiment: ${asked.experiment_id}, registered ${asked.registered_at ?? NOT_AVAILABLE}`,
      `- Registration (SHA-256): ${textOf(asked.registration_sha256)}`,
    ].join("\n"),
    ...markdownTable(
      [
        ["Provider", "l"],
        ["Role", "l"],
        ["Driver", "l"],
        ["Vendor", "l"],
        ["Model", "l"],
        ["Upstream", "l"],
      ],
      asked.providers.map(({ provider, role, driver, vendor, model, upstream }) => [
        escapeMarkdown(provider),
        role,
        ...[driver, vendor, model, upstream].map(textOf),
      ]),
    ),
    ...markdownTable(
      [
        ["Task", "l"],
        ["Title", "l"],
        ["Stratum", "l"],
        ...(hasCohorts ? [["Cohort", "r"] as const] : []),
        ["Digest (SHA-256)", "l"],
      ],
      asked.tasks.map(({ feature_id, title, stratum, digest, cohort }) => [
        ...[feature_id, title, stratum].map(textOf),
        ...(hasCohorts ? [String(cohort)] : []),
        textOf(digest),
      ]),
    ),
  ];
}

function sayBasis({ asked, dollars }: Pick<ReportData, "asked" | "dollars">): string {
  const basis = planBasisText(dollars.windows, asked.providers);
  return asked.cost_measure !== "usd" || basis === null ? "" : `, ${basis}`;
}

function sayMeasure({ cost_measure, cost_meter, token_basis }: ReportData["asked"]): string {
  if (cost_measure === "usd") return "dollars";
  if (cost_measure === "tokens") return `tokens, basis \`${token_basis}\``;
  return cost_meter === null
    ? "none: no meter was read of two providers"
    : `what was taken of the meter ${escapeMarkdown(cost_meter)}`;
}

export function ranSection({ asked, ran }: ReportData): readonly string[] {
  const { windows, attempts, sessions } = ran;
  const ends = sessions.map(
    ({ closed, resumed }) => `${closed ?? "no word of its end"}${resumed ? ", resumed" : ""}`,
  );
  const changed = ran.amendments.flatMap((one) => one.changed.map(escapeMarkdown));
  return [
    "## What was run",
    [
      `- Windows: ${windows.planned} planned, ${windows.valid} valid, ${windows.missing} missing, ${windows.not_run} not run`,
      `- Outcomes: ${outcomesText(ran.outcomes, ran.schedule)}`,
      `- Attempts: ${attempts.opened} opened, ${attempts.interrupted} interrupted, ${attempts.unfinished} without an end`,
      `- Sessions: ${sessions.length} (${ends.join("; ") || "none"})`,
      `- Amendments: ${ran.amendments.length}${changed.length > 0 ? ` (${changed.join(", ")})` : ""}`,
    ].join("\n"),
    ...missingTable(ran),
    ...markdownTable(
      [
        ["Window", "l"],
        ["Task", "l"],
        ["Replicate", "r"],
        ["Period", "r"],
        ["Provider", "l"],
        ["Run as", "r"],
        ["Attempts", "r"],
        ["Outcome", "l"],
        ["Scenarios", "r"],
        ["Quality", "r"],
        ["Cost", "r"],
        ["Remark", "l"],
      ],
      ran.schedule.map((line) => scheduleRow(line, asked)),
    ),
    ...touchFootnote(ran.schedule.map(({ touched_by }) => touched_by)),
  ];
}

function missingTable(ran: ReportData["ran"]): readonly string[] {
  const { missing } = ran;
  if (missing.length === 0) return ["No window is missing."];
  return markdownTable(
    [
      ["Missing: provider", "l"],
      ["Period", "r"],
      ["Cause", "l"],
      ["Windows", "r"],
    ],
    missing.map(({ provider, period, cause, windows }) => [
      escapeMarkdown(provider),
      String(period),
      escapeMarkdown(cause),
      markTouched(String(windows), missingTouches(ran, { provider, period })),
    ]),
  );
}

function scheduleRow(line: WindowLine, asked: ReportData["asked"]): readonly string[] {
  const { touched_by } = line;
  const cost = costText(line.cost, asked.cost_measure);
  return [
    markTouched(textOf(line.window), touched_by),
    escapeMarkdown(line.feature_id),
    String(line.replicate),
    String(line.period),
    escapeMarkdown(line.provider),
    line.executed_order === null ? NOT_AVAILABLE : formatCount(line.executed_order),
    String(line.attempts),
    line.outcome === null ? "not run" : markTouched(line.outcome, touched_by),
    line.scenarios === null || line.scenarios === 0
      ? NOT_AVAILABLE
      : markTouched(`${line.scenarios_passed ?? 0}/${line.scenarios}`, touched_by),
    markTouched(formatFixed(line.quality, 3), line.quality === null ? [] : touched_by),
    markTouched(line.is_lower_bound ? `≥ ${cost}` : cost, line.cost === null ? [] : touched_by),
    remarkOn(line),
  ];
}

function remarkOn({ state, reason }: WindowLine): string {
  const remark = [state === "missing" ? "missing" : null, reason].filter((part) => part !== null);
  return escapeMarkdown(remark.join(": "));
}

function textOf(text: string | null): string {
  return text === null ? NOT_AVAILABLE : escapeMarkdown(text);
}
