import type { WindowLine } from "../evidence/observed-window.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected, markFigure } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { escapeMarkdown, tableOf } from "../text/markdown.ts";
import { formatCount, formatFixed, NOT_AVAILABLE } from "../text/number-text.ts";
import { planBasisText } from "./dollar-lines.ts";
import { missingAffectedBy, outcomesText } from "./shared-lines.ts";

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
