import { AGAINST_ITSELF_TITLE, againstItselfLines } from "../document/against-itself-lines.ts";
import { dollarSection, planBasisText } from "../document/dollar-lines.ts";
import { networkLines } from "../document/network-lines.ts";
import {
  divergenceLines,
  missingAffectedBy,
  openAgentLines,
  outcomesText,
  trafficAffectedBy,
  trafficLines,
  unmeteredLines,
} from "../document/shared-lines.ts";
import type { WindowLine } from "../evidence/observe-windows.ts";
import type { BudgetLine, ReportData, RowCounts } from "../report/report-data.ts";
import { affectedFootnote, markAffected, markFigure } from "../text/affected-mark.ts";
import { costText, limitText, unitWord, usedText } from "../text/amount-text.ts";
import { escapeMarkdown, markdownCode, markdownTable, tableOf } from "../text/markdown.ts";
import { formatCount, formatFixed, NOT_AVAILABLE } from "../text/number-text.ts";
import { sayRegrading } from "../text/regrading-text.ts";
import {
  budgetName,
  drawnBudgets,
  ownerRows,
  OWNERS_HEAD,
  renderBudgetBar,
} from "./budget-lines.ts";
import { conditionSection } from "./condition-lines.ts";
import { costSection, pairSection, providerSection } from "./markdown-results.ts";
import { decisionSection } from "./render-gate.ts";

const SCRIPTED =
  "**The model was scripted.** Agents, proxy, budgets, grading and ledger were real; the answers came from a script. The figures show that the way works and say nothing about any real model.";

/** A report as GitHub-flavoured Markdown. The same report gives the same bytes. */
export function renderMarkdown(report: ReportData): string {
  const blocks = [
    `# ${escapeMarkdown(report.title)}`,
    ...(report.is_scripted ? [SCRIPTED] : []),
    ...openAgentLines(report).map((line) => `**${line}**`),
    ...askedSection(report),
    ...ranSection(report),
    ...providerSection(report),
    ...trafficSection(report),
    ...pairSection(report),
    ...costSection(report),
    ...dollarSection(report),
    ...againstItselfSection(report),
    ...decisionSection(report),
    ...anomalySection(report),
    ...budgetSection(report),
    ...conditionSection(report),
    ...provenanceSections(report),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function againstItselfSection(report: ReportData): readonly string[] {
  const lines = againstItselfLines(report);
  if (lines.length === 0) return [];
  return [`## ${AGAINST_ITSELF_TITLE}`, lines.map((line) => `- ${line}`).join("\n")];
}

function trafficSection(report: ReportData): readonly string[] {
  const [title, ...lines] = trafficLines(report.traffic, (provider) =>
    trafficAffectedBy(report, provider),
  );
  const unmetered = unmeteredLines(report).map(escapeMarkdown);
  if (title === undefined && unmetered.length === 0) return [];
  const block = lines.length === 0 ? [] : [["```", ...lines, "```"].join("\n")];
  return ["## Subagent Proxy", ...block, ...unmetered];
}

function anomalySection(report: ReportData): readonly string[] {
  const { anomalies, unreadable_rows, unknown_rows, duplicate_rows } = report;
  return [
    "## Anomalies",
    ...tableOf(
      anomalies,
      {
        "No:": ({ number }) => String(number),
        Kind: ({ kind }) => escapeMarkdown(kind),
        Affects: ({ touches }) => touches.map(escapeMarkdown).join(", "),
        Windows: ({ windows }) => windows.map(escapeMarkdown).join(", "),
        "What was done": ({ action }) => escapeMarkdown(action),
      },
      "None was recorded.",
    ),
    ...listed("Counts of the same tokens that differ:", divergenceLines(anomalies, escapeMarkdown)),
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
  return listed(
    title,
    rows.map(({ record, rows: n }) => `${escapeMarkdown(record)}: ${n}`),
  );
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, lines.map((line) => `- ${line}`).join("\n")];
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
    networkLines(report, { escape: escapeMarkdown })
      .map((line) => `- ${line}`)
      .join("\n"),
    ...(report.regraded === null ? [] : [`Repeatability: ${sayRegrading(report.regraded)}`]),
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

function askedSection({ asked, dollars }: ReportData): readonly string[] {
  const hasCohorts = asked.tasks.some(({ cohort }) => cohort > 1);
  return [
    "## What was asked",
    [
      `- Name: ${escapeMarkdown(asked.name)}`,
      `- Baseline: ${textOf(asked.baseline)}`,
      `- Candidates: ${asked.candidates.map(escapeMarkdown).join(", ") || NOT_AVAILABLE}`,
      `- Cost: ${sayMeasure(asked)}${sayBasis({ asked, dollars })}${asked.cost_scope === "subagents" ? ", of sub-agents' requests alone" : ""}${asked.is_cost_comparable ? "" : "; not comparable between these providers"}`,
      `- Quality: ${sayQuality(asked)}`,
      `- Seed: ${textOf(asked.seed)}`,
      `- Experiment: ${asked.experiment_id}, registered ${asked.registered_at ?? NOT_AVAILABLE}`,
      `- Registration (SHA-256): ${textOf(asked.registration_sha256)}`,
    ].join("\n"),
    ...tableOf(asked.providers, {
      Provider: ({ provider }) => escapeMarkdown(provider),
      Role: ({ role }) => role,
      Driver: ({ driver }) => textOf(driver),
      Vendor: ({ vendor }) => textOf(vendor),
      Model: ({ model }) => textOf(model),
      Upstream: ({ upstream }) => textOf(upstream),
    }),
    ...tableOf(asked.tasks, {
      Task: ({ feature_id }) => textOf(feature_id),
      Title: ({ title }) => textOf(title),
      Stratum: ({ stratum }) => textOf(stratum),
      ...(hasCohorts ? { "Cohort:": ({ cohort }) => String(cohort) } : {}),
      "Digest (SHA-256)": ({ digest }) => textOf(digest),
    }),
  ];
}

const QUALITY_RULES = {
  "mean-of-shares":
    "the mean of two shares: visible scenarios passed and held-out scenarios passed",
  "share-of-scenarios": "the share of all scenarios that passed, as in earlier versions",
} as const;

function sayQuality({ quality_rule: rule }: ReportData["asked"]): string {
  return rule === null ? "what was typed for each window" : QUALITY_RULES[rule];
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

function ranSection({ asked, ran }: ReportData): readonly string[] {
  const { windows, attempts, sessions, amendments, schedule, missing } = ran;
  const ends = sessions.map(
    ({ closed, resumed }) => `${closed ?? "no word of its end"}${resumed ? ", resumed" : ""}`,
  );
  const changed = amendments.flatMap((one) => one.changed.map(escapeMarkdown));
  return [
    "## What was run",
    [
      `- Windows: ${windows.planned} planned, ${windows.valid} valid, ${windows.missing} missing, ${windows.not_run} not run`,
      `- Outcomes: ${outcomesText(ran.outcomes, schedule)}`,
      `- Attempts: ${attempts.opened} opened, ${attempts.interrupted} interrupted, ${attempts.unfinished} without an end`,
      `- Sessions: ${sessions.length} (${ends.join("; ") || "none"})`,
      `- Amendments: ${amendments.length}${changed.length > 0 ? ` (${changed.join(", ")})` : ""}`,
    ].join("\n"),
    ...(missing.length === 0
      ? ["No window is missing."]
      : tableOf(missing, {
          "Missing: provider": ({ provider }) => escapeMarkdown(provider),
          "Period:": ({ period }) => String(period),
          Cause: ({ cause }) => escapeMarkdown(cause),
          "Windows:": (one) => markAffected(String(one.windows), missingAffectedBy(ran, one)),
        })),
    ...tableOf(schedule, scheduleColumns(asked)),
    ...affectedFootnote(schedule.map(({ touched_by }) => touched_by)),
  ];
}

function scheduleColumns({
  cost_measure: measure,
}: ReportData["asked"]): Readonly<Record<string, (line: WindowLine) => string>> {
  return {
    Window: ({ window, touched_by }) => markAffected(textOf(window), touched_by),
    Task: ({ feature_id }) => escapeMarkdown(feature_id),
    "Replicate:": ({ replicate }) => String(replicate),
    "Period:": ({ period }) => String(period),
    Provider: ({ provider }) => escapeMarkdown(provider),
    "Run as:": ({ executed_order: order }) => formatCount(order),
    "Attempts:": ({ attempts }) => String(attempts),
    Outcome: ({ outcome, touched_by }) =>
      outcome === null ? "not run" : markAffected(outcome, touched_by),
    "Scenarios:": ({ scenarios, scenarios_passed, touched_by }) =>
      (scenarios ?? 0) === 0
        ? NOT_AVAILABLE
        : markAffected(`${scenarios_passed ?? 0}/${scenarios}`, touched_by),
    "Quality:": ({ quality, touched_by }) => markFigure(formatFixed(quality, 3), touched_by),
    "Cost:": ({ cost, is_lower_bound, touched_by }) =>
      markFigure(
        `${is_lower_bound && cost !== null ? "≥ " : ""}${costText(cost, measure)}`,
        touched_by,
      ),
    Remark: ({ state, reason }) =>
      [state === "missing" ? "missing" : null, reason]
        .filter((remark) => remark !== null)
        .map(escapeMarkdown)
        .join(": "),
  };
}

function textOf(text: string | null): string {
  return text === null ? NOT_AVAILABLE : escapeMarkdown(text);
}
