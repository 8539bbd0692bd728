import type { ReportData, WindowLine } from "../report/report-data.ts";
import type { Comparison, PairLine, ProviderFigures } from "../report/results-data.ts";
import { ARMS_HEAD, ARMS_TITLE, armRows, missingText, ordersText } from "./arms-table.ts";
import { costText } from "./cost-text.ts";
import { intervalText, pText, qualityIntervalText, ratioText, testText } from "./estimate-text.ts";
import { type Column, markdownTable } from "./markdown-table.ts";
import { escapeMarkdown } from "./markdown-text.ts";
import {
  formatCount,
  formatFixed,
  formatPercent,
  formatSignificant,
  NOT_AVAILABLE,
} from "./number-text.ts";
import { markTouched, touchFootnote } from "./touch-mark.ts";
import { outcomesText } from "./touched-counts.ts";

export function providerSection({ asked, ran, providers }: ReportData): readonly string[] {
  return [
    "## Providers",
    "Figures are of valid windows, each with its finalized attempt. What earlier attempts and missing windows took stands apart.",
    ...markdownTable(
      headings("Provider", "Windows", "Valid", "Missing", "Not run", "Features", "Outcomes"),
      providers.map((provider) => windowCells(provider, ran.schedule)),
    ),
    ...markdownTable(
      headings(
        "Provider",
        "Uncached input",
        "Cache read",
        "Cache write 5m",
        "Cache write 1h",
        "Output",
        "Reasoning in it",
        `Tokens (${asked.token_basis})`,
        "Tokens apart",
      ),
      providers.map(tokenCells),
    ),
    ...markdownTable(
      headings(
        "Provider",
        "Cost mean",
        "Cost geometric mean",
        "Quality mean",
        "Quality 95 % CI",
        "Features per 10⁶ tokens",
        "Its 95 % CI",
      ),
      providers.map((provider) => measureCells(provider, asked.cost_measure)),
    ),
    "A feature counts per 10⁶ tokens with its quality; the interval is Fieller's, fixed-n, over features.",
    ...markdownTable(
      headings(
        "Provider",
        "Requests",
        "Errors",
        "Refused by a budget",
        "Error rate",
        "Latency p50 ms",
        "Latency p95 ms",
        "Files changed",
        "Lines added",
        "Lines removed",
      ),
      providers.map(requestCells),
    ),
    ...touchFootnote(providers.flatMap((one) => [one.touched_by, one.requests.touched_by])),
  ];
}

function headings(first: string, ...others: readonly string[]): readonly Column[] {
  return [[first, "l"], ...others.map((heading): Column => [heading, "r"])];
}

function windowCells(
  { provider, windows, features, outcomes, touched_by }: ProviderFigures,
  schedule: readonly WindowLine[],
) {
  const own = schedule.filter((line) => line.provider === provider);
  return [
    escapeMarkdown(provider),
    String(windows.planned),
    markTouched(String(windows.valid), touched_by),
    markTouched(String(windows.missing), touched_by),
    String(windows.not_run),
    markTouched(String(features), touched_by),
    outcomesText(outcomes, own),
  ];
}

function tokenCells({ provider, tokens, tokens_valid, tokens_apart, touched_by }: ProviderFigures) {
  const classes = [
    tokens.input_uncached,
    tokens.cache_read,
    tokens.cache_write_5m,
    tokens.cache_write_1h,
    tokens.output,
    tokens.reasoning,
    tokens_valid,
  ];
  return [
    escapeMarkdown(provider),
    ...classes.map((count) => marked(count, formatCount(count), touched_by)),
    marked(tokens_apart, formatCount(tokens_apart), touched_by),
  ];
}

function measureCells(
  { provider, cost, quality, efficiency, touched_by }: ProviderFigures,
  measure: "tokens" | "usd" | "meter",
) {
  const bound = cost.lower_bounds > 0 ? "≥ " : "";
  const costOf = (amount: number | null) =>
    marked(amount, `${amount === null ? "" : bound}${costText(amount, measure)}`, touched_by);
  return [
    escapeMarkdown(provider),
    costOf(cost.mean),
    costOf(cost.geometric_mean),
    marked(quality.value, formatFixed(quality.value, 3), touched_by),
    marked(quality.ci95, qualityIntervalText(quality.ci95), touched_by),
    marked(efficiency.value, formatSignificant(efficiency.value), touched_by),
    marked(efficiency.ci95, intervalText(efficiency.ci95), touched_by),
  ];
}

function requestCells({ provider, requests, latency_ms, churn, touched_by }: ProviderFigures) {
  const touched = [...touched_by, ...requests.touched_by];
  const changed = [churn.files_changed, churn.insertions, churn.deletions];
  return [
    escapeMarkdown(provider),
    marked(requests.total, formatCount(requests.total), touched),
    marked(requests.errors, formatCount(requests.errors), touched),
    marked(requests.refused, formatCount(requests.refused), touched),
    marked(requests.error_rate, formatPercent(requests.error_rate), touched),
    marked(latency_ms.p50, formatCount(latency_ms.p50), touched),
    marked(latency_ms.p95, formatCount(latency_ms.p95), touched),
    ...changed.map((count) =>
      churn.n === 0 ? NOT_AVAILABLE : marked(count, formatCount(count), touched_by),
    ),
  ];
}

/** A figure that is not there can't be touched. */
function marked(value: unknown, text: string, touchedBy: readonly number[]): string {
  return value === null ? text : markTouched(text, touchedBy);
}

export function pairSection({ asked, pairs }: ReportData): readonly string[] {
  if (pairs.length === 0) return ["## Pairs", "No pair was planned."];
  return [
    "## Pairs",
    ...markdownTable(
      headings(
        "Task",
        "Replicate",
        "Candidate",
        "Order",
        "Baseline cost",
        "Candidate cost",
        "Ratio",
        "Baseline quality",
        "Candidate quality",
        "Remark",
      ),
      pairs.map((pair) => pairCells(pair, asked)),
    ),
    `${asked.candidates.length > 1 ? "Order: which of the two came first; others may stand between them" : "Order AB: the baseline first"}. Ratio: baseline ÷ candidate; 2 means that the candidate needs half.`,
    ...touchFootnote(pairs.map(({ touched_by }) => touched_by)),
  ];
}

function pairCells(
  pair: PairLine,
  { cost_measure: measure, candidates }: ReportData["asked"],
): readonly string[] {
  const { touched_by } = pair;
  const remarks = [pair.reason, pair.has_capped ? "a window was capped" : null];
  return [
    escapeMarkdown(pair.feature_id),
    String(pair.replicate),
    escapeMarkdown(pair.candidate),
    candidates.length > 1 ? FIRST[pair.sequence] : pair.sequence,
    marked(pair.baseline_cost, costText(pair.baseline_cost, measure), touched_by),
    marked(pair.candidate_cost, costText(pair.candidate_cost, measure), touched_by),
    marked(pair.cost_ratio, formatSignificant(pair.cost_ratio), touched_by),
    marked(pair.baseline_quality, formatFixed(pair.baseline_quality, 3), touched_by),
    marked(pair.candidate_quality, formatFixed(pair.candidate_quality, 3), touched_by),
    escapeMarkdown(remarks.filter((remark) => remark !== null).join("; ")),
  ];
}

const FIRST = { AB: "baseline first", BA: "candidate first" } as const;

export function costSection({ asked, comparisons, arms }: ReportData): readonly string[] {
  return [
    "## Cost compared",
    `Ratios are ${textOf(asked.baseline)} ÷ candidate on the same tasks; intervals are two-sided, 95 %, fixed-n.`,
    ...comparisons.flatMap((one) => comparisonBlocks(one, comparisons.length > 1)),
    ...(arms === null
      ? []
      : [
          "### All providers together",
          `${ARMS_TITLE}. ${String(arms.windows)} windows, status \`${arms.status}\`. Tests are one-sided; Holm adjusts for the number of candidates.`,
          ...markdownTable(
            ARMS_HEAD.map((heading): Column => [heading, "l"]),
            armRows(arms, escapeMarkdown),
          ),
        ]),
    ...touchFootnote(comparisons.map(({ touched_by }) => touched_by)),
  ];
}

function comparisonBlocks(comparison: Comparison, isSeveral: boolean): readonly string[] {
  const { candidate, pairs, touched_by } = comparison;
  const mark = (text: string) =>
    text.startsWith(NOT_AVAILABLE) ? text : markTouched(text, touched_by);
  const { cost_ratio, adjusted_cost_ratio, order_effect, carryover, totals_ratio } = comparison;
  return [
    `### ${escapeMarkdown(candidate)}`,
    ...markdownTable(
      [
        ["Figure", "l"],
        ["Value", "l"],
        ["Test against 1", "l"],
      ],
      [
        [
          "Geometric mean of the paired ratios",
          mark(ratioText(cost_ratio)),
          mark(testText(cost_ratio)),
        ],
        [
          "The same, adjusted for order",
          mark(ratioText(adjusted_cost_ratio)),
          mark(testText(adjusted_cost_ratio)),
        ],
        ["Ratio of totals", mark(formatSignificant(totals_ratio)), ""],
        [
          "Order effect: period 1 ÷ period 2",
          mark(ratioText(order_effect)),
          mark(testText(order_effect)),
        ],
        [
          "Carry-over (reported only)",
          carryover.reason === null ? "tested" : `${NOT_AVAILABLE} (${carryover.reason})`,
          mark(pText(carryover.p_two_sided)),
        ],
      ],
    ),
    mark(
      `Pairs: ${pairs.planned} planned, ${pairs.complete} complete (${ordersText(pairs, isSeveral)}), ${pairs.incomplete} incomplete (${missingText(pairs, isSeveral)}), ${pairs.capped} with a capped window.`,
    ),
    comparison.statements.map((statement) => `- ${mark(escapeMarkdown(statement))}`).join("\n"),
  ];
}

function textOf(text: string | null): string {
  return text === null ? "baseline" : escapeMarkdown(text);
}
