import {
  ARMS_HEAD,
  ARMS_TITLE,
  armRows,
  missingText,
  ordersText,
  outcomesText,
} from "../document/shared-lines.ts";
import {
  intervalText,
  pText,
  qualityIntervalText,
  ratioText,
  testText,
} from "../report/estimate.ts";
import type { EndRates } from "../report/rate-ends.ts";
import type { Comparison, ProviderFigures, ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected, markFigure } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { escapeMarkdown, markdownTable, tableOf } from "../text/markdown.ts";
import {
  formatCount,
  formatFixed,
  formatPercent,
  formatSignificant,
  NOT_AVAILABLE,
} from "../text/number-text.ts";

type Cell = (figures: ProviderFigures) => string;

export function providerSection(report: ReportData): readonly string[] {
  const { asked, providers } = report;
  return [
    "## Providers",
    "Figures are of valid windows, each with its finalized attempt. What earlier attempts and missing windows took stands apart.",
    ...tableOf(providers, { ...NAME, ...windowColumns(report) }),
    ...tableOf(providers, { ...NAME, ...tokenColumns(asked.token_basis) }),
    ...tableOf(providers, { ...NAME, ...measureColumns(asked.cost_measure) }),
    "A feature counts per 10⁶ tokens with its quality; the interval is Fieller's, fixed-n, over features.",
    ...tableOf(providers, {
      ...NAME,
      ...REQUEST_COLUMNS,
      ...latencyColumns(asked),
      ...CHURN_COLUMNS,
    }),
    "A limit (`provider_limit`) or a failure (`infrastructure`) of the provider says nothing about the quality of its work, so the figures above leave such ends out. These rates leave them out too, and then count them as failures with quality 0. A window counts by its last attempt.",
    ...tableOf(providers.flatMap(listEnds), END_COLUMNS),
    ...affectedFootnote(providers.flatMap((one) => [one.touched_by, one.requests.touched_by])),
  ];
}

type EndsLine = Pick<ProviderFigures, "provider" | "touched_by"> & {
  readonly level: keyof EndRates;
  readonly rates: EndRates["windows"];
};

function listEnds({ provider, touched_by, ends }: ProviderFigures): readonly EndsLine[] {
  return (["windows", "attempts"] as const).map((level) => {
    return { provider, touched_by, level, rates: ends[level] };
  });
}

const END_COLUMNS: Readonly<Record<string, (line: EndsLine) => string>> = {
  Provider: ({ provider }) => escapeMarkdown(provider),
  "Counted by": ({ level }) => level,
  "At a limit:": ({ rates, touched_by }) => markFigure(String(rates.at_limit), touched_by),
  "Provider failed:": ({ rates, touched_by }) =>
    markFigure(String(rates.provider_failed), touched_by),
  "Passed, left out:": ({ rates, touched_by }) =>
    markFigure(passText(rates, "left_out"), touched_by),
  "Passed, as failures:": ({ rates, touched_by }) =>
    markFigure(passText(rates, "as_failures"), touched_by),
  "Quality, left out:": ({ rates, touched_by }) =>
    markFigure(formatFixed(rates.mean_quality.left_out, 3), touched_by),
  "Quality, as failures:": ({ rates, touched_by }) =>
    markFigure(formatFixed(rates.mean_quality.as_failures, 3), touched_by),
};

/** `75.0 % (3 of 4)`. */
function passText(rates: EndsLine["rates"], way: "left_out" | "as_failures"): string {
  const { graded, passed, at_limit: limit, provider_failed: failed, pass_rate: share } = rates;
  const whole = way === "left_out" ? graded : graded + limit + failed;
  return whole === 0
    ? NOT_AVAILABLE
    : `${formatPercent(share[way])} (${String(passed)} of ${String(whole)})`;
}

const NAME = { Provider: ({ provider }: ProviderFigures) => escapeMarkdown(provider) };

/** A cell whose figure is affected by what affects the provider. */
function marked(text: Cell): Cell {
  return (figures) => markFigure(text(figures), figures.touched_by);
}

function windowColumns({ ran }: ReportData): Readonly<Record<string, Cell>> {
  return {
    "Windows:": ({ windows }) => String(windows.planned),
    "Valid:": marked(({ windows }) => String(windows.valid)),
    "Missing:": marked(({ windows }) => String(windows.missing)),
    "Not run:": ({ windows }) => String(windows.not_run),
    "Features:": marked(({ features }) => String(features)),
    "Outcomes:": ({ outcomes, provider }) =>
      outcomesText(
        outcomes,
        ran.schedule.filter((line) => line.provider === provider),
      ),
  };
}

function tokenColumns(basis: string): Readonly<Record<string, Cell>> {
  return {
    "Uncached input:": marked(({ tokens }) => formatCount(tokens.input_uncached)),
    "Cache read:": marked(({ tokens }) => formatCount(tokens.cache_read)),
    "Cache write 5m:": marked(({ tokens }) => formatCount(tokens.cache_write_5m)),
    "Cache write 1h:": marked(({ tokens }) => formatCount(tokens.cache_write_1h)),
    "Output:": marked(({ tokens }) => formatCount(tokens.output)),
    "Reasoning in it:": marked(({ tokens }) => formatCount(tokens.reasoning)),
    [`Tokens (${basis}):`]: marked(({ tokens_valid }) => formatCount(tokens_valid)),
    "Tokens apart:": marked(({ tokens_apart }) => formatCount(tokens_apart)),
  };
}

function measureColumns(
  measure: ReportData["asked"]["cost_measure"],
): Readonly<Record<string, Cell>> {
  const costOf = (amount: number | null, { lower_bounds: bounds }: ProviderFigures["cost"]) =>
    `${amount === null || bounds === 0 ? "" : "≥ "}${costText(amount, measure)}`;
  return {
    "Cost mean:": marked(({ cost }) => costOf(cost.mean, cost)),
    "Cost geometric mean:": marked(({ cost }) => costOf(cost.geometric_mean, cost)),
    "Quality mean:": marked(({ quality }) => formatFixed(quality.value, 3)),
    "Quality 95 % CI:": marked(({ quality }) => qualityIntervalText(quality.ci95)),
    "Features per 10⁶ tokens:": marked(({ efficiency }) => formatSignificant(efficiency.value)),
    "Its 95 % CI:": marked(({ efficiency }) => intervalText(efficiency.ci95)),
  };
}

/** A cell whose figure is also affected by what affects the proxy's rows. */
function proxied(text: Cell): Cell {
  return (figures) =>
    markFigure(text(figures), [...figures.touched_by, ...figures.requests.touched_by]);
}

const REQUEST_COLUMNS: Readonly<Record<string, Cell>> = {
  "Requests:": proxied(({ requests }) => formatCount(requests.total)),
  "Errors:": proxied(({ requests }) => formatCount(requests.errors)),
  "Refused by a budget:": proxied(({ requests }) => formatCount(requests.refused)),
  "Error rate:": proxied(({ requests }) => formatPercent(requests.error_rate)),
};

function latencyColumns({ baseline }: ReportData["asked"]): Readonly<Record<string, Cell>> {
  const scope = baseline === null ? "all windows" : "complete pairs";
  return {
    [`Latency p50 ms, ${scope}:`]: proxied(latencyCell("p50")),
    [`Latency p95 ms, ${scope}:`]: proxied(latencyCell("p95")),
  };
}

/** One value, or the baseline's value with each candidate if its pairs with them differ. */
function latencyCell(name: "p50" | "p95"): Cell {
  return ({ latency_ms, latency_by_candidate: sets }) =>
    latency_ms.n > 0 || sets.every(({ n }) => n === 0)
      ? formatCount(latency_ms[name])
      : sets
          .map((set) => `${formatCount(set[name])} (with ${escapeMarkdown(set.candidate)})`)
          .join("; ");
}

const CHURN_COLUMNS: Readonly<Record<string, Cell>> = {
  "Files changed:": marked(({ churn }) => formatCount(churn.n === 0 ? null : churn.files_changed)),
  "Lines added:": marked(({ churn }) => formatCount(churn.n === 0 ? null : churn.insertions)),
  "Lines removed:": marked(({ churn }) => formatCount(churn.n === 0 ? null : churn.deletions)),
};

export function pairSection({ asked, pairs }: ReportData): readonly string[] {
  if (pairs.length === 0) return ["## Pairs", "No pair was planned."];
  const { cost_measure: measure, candidates } = asked;
  const isSeveral = candidates.length > 1;
  return [
    "## Pairs",
    ...tableOf(pairs, {
      Task: ({ feature_id }) => escapeMarkdown(feature_id),
      "Replicate:": ({ replicate }) => String(replicate),
      "Candidate:": ({ candidate }) => escapeMarkdown(candidate),
      "Order:": ({ sequence }) => (isSeveral ? FIRST[sequence] : sequence),
      "Baseline cost:": (pair) =>
        markFigure(costText(pair.baseline_cost, measure), pair.touched_by),
      "Candidate cost:": (pair) =>
        markFigure(costText(pair.candidate_cost, measure), pair.touched_by),
      "Ratio:": (pair) => markFigure(formatSignificant(pair.cost_ratio), pair.touched_by),
      "Baseline quality:": (pair) =>
        markFigure(formatFixed(pair.baseline_quality, 3), pair.touched_by),
      "Candidate quality:": (pair) =>
        markFigure(formatFixed(pair.candidate_quality, 3), pair.touched_by),
      "Remark:": ({ reason, has_capped }) =>
        [reason, has_capped ? "a window was capped" : null]
          .filter((remark) => remark !== null)
          .map(escapeMarkdown)
          .join("; "),
    }),
    `${isSeveral ? "Order: which of the two came first; others may stand between them" : "Order AB: the baseline first"}. Ratio: baseline ÷ candidate; 2 means that the candidate needs half.`,
    ...affectedFootnote(pairs.map(({ touched_by }) => touched_by)),
  ];
}

const FIRST = { AB: "baseline first", BA: "candidate first" } as const;

export function costSection({ asked, comparisons, arms }: ReportData): readonly string[] {
  const baseline = escapeMarkdown(asked.baseline ?? "baseline");
  return [
    "## Cost compared",
    `Ratios are ${baseline} ÷ candidate on the same tasks; intervals are two-sided, 95 %, fixed-n.`,
    ...comparisons.flatMap((one) => comparisonBlocks(one, comparisons.length > 1)),
    ...(arms === null
      ? []
      : [
          "### All providers together",
          `${ARMS_TITLE}. ${String(arms.windows)} windows, status \`${arms.status}\`. Tests are one-sided; Holm adjusts for the number of candidates.`,
          ...markdownTable(ARMS_HEAD, armRows(arms, escapeMarkdown)),
        ]),
    ...affectedFootnote(comparisons.map(({ touched_by }) => touched_by)),
  ];
}

function comparisonBlocks(comparison: Comparison, isSeveral: boolean): readonly string[] {
  const { candidate, pairs, carryover, totals_ratio, touched_by, statements } = comparison;
  const tested = carryover.reason === null ? "tested" : `${NOT_AVAILABLE} (${carryover.reason})`;
  const estimates = [
    ["Geometric mean of the paired ratios", comparison.cost_ratio],
    ["The same, adjusted for order", comparison.adjusted_cost_ratio],
    ["Order effect: period 1 ÷ period 2", comparison.order_effect],
  ] as const;
  const [plain = [], adjusted = [], order = []] = estimates.map(([name, estimate]) => [
    name,
    markFigure(ratioText(estimate), touched_by),
    markFigure(testText(estimate), touched_by),
  ]);
  return [
    `### ${escapeMarkdown(candidate)}`,
    ...markdownTable(
      ["Figure", "Value", "Test against 1"],
      [
        plain,
        adjusted,
        ["Ratio of totals", markFigure(formatSignificant(totals_ratio), touched_by), ""],
        order,
        [
          "Carry-over (reported only)",
          tested,
          markFigure(pText(carryover.p_two_sided), touched_by),
        ],
      ],
    ),
    markAffected(
      `Pairs: ${pairs.planned} planned, ${pairs.complete} complete (${ordersText(pairs, isSeveral)}), ${pairs.incomplete} incomplete (${missingText(pairs, isSeveral)}), ${pairs.capped} with a capped window.`,
      touched_by,
    ),
    statements
      .map((statement) => `- ${markFigure(escapeMarkdown(statement), touched_by)}`)
      .join("\n"),
  ];
}
