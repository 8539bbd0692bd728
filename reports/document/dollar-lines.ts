import type { DollarFigures, DollarLine, PlanLine } from "../report/dollar-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "../text/amount-text.ts";
import { countNoun, formatPercent, NOT_AVAILABLE } from "../text/number-text.ts";
import type { Section } from "./document.ts";
import { linesOf } from "./parts.ts";

/** Dollars in short: a line for each provider, and models without a price; no section without prices. */
export function dollarSummary(report: ReportData): readonly Section[] {
  if (!hasDollars(report)) return [];
  const { asked, dollars } = report;
  const providers = asked.providers.flatMap(({ provider }) => {
    const own = dollars.windows.filter((line) => line.provider === provider);
    return own.length === 0 ? [] : [`${provider}: ${providerText(own)}`];
  });
  return [
    {
      id: "dollars",
      title: `Dollars (${pricesText(dollars)}):`,
      blocks: linesOf([...providers, ...lackLines(report)]),
    },
  ];
}

/** Whether there are dollars to show: a scripted model costs nothing. */
export function hasDollars({ dollars, asked, is_scripted }: ReportData): boolean {
  if (dollars.windows.length === 0) return false;
  const hasFigure = dollars.windows.some(
    ({ known, reported, plan }) => known > 0 || reported !== null || plan !== null,
  );
  return hasFigure || !is_scripted || asked.cost_measure === "usd";
}

export function pricesText({ prices }: DollarFigures): string {
  if (prices === null) return NOT_AVAILABLE;
  return prices.as_of === null ? prices.name : `${prices.name}, ${prices.as_of}`;
}

function providerText(own: DollarFigures["windows"]): string {
  const paid = planSumText(own);
  if (paid === null) return sumText(own);
  const isListed = own.some(({ known }) => known > 0);
  const off = listDivergenceText(own);
  const listed = `list price ${sumText(own)}${off === null ? "" : ` (${off})`}`;
  return isListed ? `${paid}; ${listed}` : paid;
}

function sumText(lines: DollarFigures["windows"]): string {
  const known = lines.reduce((sum, line) => sum + line.known, 0);
  const isWhole = lines.every(({ amount }) => amount !== null);
  const ours = isWhole ? costText(known, "usd") : `unknown, at least ${costText(known, "usd")}`;
  const told = lines.filter(({ divergence }) => divergence !== null);
  if (told.length === 0) return ours;
  const amount = told.reduce((sum, line) => sum + (line.amount ?? 0), 0);
  const reported = told.reduce((sum, line) => sum + (line.reported ?? 0), 0);
  return `${ours}; the agent reported ${costText(reported, "usd")} (${formatPercent(reported / amount - 1)} off)`;
}

export function lackLines({
  asked,
  dollars,
}: Pick<ReportData, "asked" | "dollars">): readonly string[] {
  const { unpriced, untold, windows } = dollars;
  const isPartly = asked.cost_measure === "meter" && windows.length > 0;
  const models = unpriced.map(({ model, provider }) => `${model} (${provider})`);
  return [
    ...(isPartly ? [PARTLY_PAID] : []),
    ...(models.length === 0 ? [] : [`No price: ${models.join(", ")}`]),
    ...(untold === 0 ? [] : [`Requests that did not report their usage: ${untold}`]),
  ];
}

const PARTLY_PAID =
  "Dollars are not compared: not every window was paid by its provider's plan, at one price. Complete the others once more, with the plan in the configuration.";

export const PLAN_FORMULA =
  "plan price over capacity: usd × limit_window_minutes ÷ (per_days × 1440) × moved percent ÷ 100";

/** A window that a plan paid for. */
export interface PaidLine extends DollarLine {
  readonly plan: PlanLine;
}

export function paidLines(lines: readonly DollarLine[]): readonly PaidLine[] {
  return lines.flatMap((line) => (line.plan === null ? [] : [{ ...line, plan: line.plan }]));
}

/** `max-20x (200 dollars per 30 days by the meter weekly, in steps of 1 %)`, each plan once. */
export function sayPlans(lines: readonly PaidLine[]): string {
  const said = lines.map(
    ({ plan: { plan, usd, per_days, meter, step_percent } }) =>
      `${plan} (${String(usd)} dollars per ${String(per_days)} days by the meter ${meter}, in steps of ${String(step_percent)} %)`,
  );
  return [...new Set(said)].join("; ");
}

/** What a provider's windows took of its plan; null if it has no plan. */
function planSumText(lines: readonly DollarLine[]): string | null {
  const paid = paidLines(lines);
  if (paid.length === 0) return null;
  const known = paid.filter(({ plan }) => plan.amount !== null);
  const sum = known.reduce((total, { plan }) => total + (plan.amount ?? 0), 0);
  const unknown = [...new Set(paid.flatMap(({ plan }) => plan.reason ?? []))];
  const zeros = known.filter(({ plan }) => plan.amount === 0).length;
  const step = Math.max(...known.map(({ plan }) => plan.resolution ?? 0));
  const missing = paid.length - known.length;
  const parts = [
    ...(known.length === 0
      ? []
      : [
          `${costText(sum, "usd")} for ${countNoun(known.length, "window")}`,
          `one step is ${costText(step, "usd")}`,
        ]),
    ...(zeros === 0 ? [] : [`${String(zeros)} below a step, which enter no ratio`]),
    ...(missing === 0 ? [] : [`${NOT_AVAILABLE} for ${String(missing)} (${unknown.join(", ")})`]),
  ];
  return `plan ${sayPlans(paid)}: ${parts.join(", ")}`;
}

/** How far list prices differ from plan prices, over windows with both; null without any. */
function listDivergenceText(lines: readonly DollarLine[]): string | null {
  const both = paidLines(lines).filter(({ plan }) => plan.list_divergence !== null);
  if (both.length === 0) return null;
  const paid = both.reduce((sum, { plan }) => sum + (plan.amount ?? 0), 0);
  const listed = both.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
  return `${formatPercent(listed / paid - 1)} off the plan`;
}

/** `plan price over capacity for claude, list price for the others`; null if no plan pays. */
export function planBasisText(
  lines: readonly DollarLine[],
  providers: readonly { readonly provider: string }[],
): string | null {
  const paid = new Set(paidLines(lines).map(({ provider }) => provider));
  if (paid.size === 0) return null;
  const names = providers.map(({ provider }) => provider);
  const own = names.filter((name) => paid.has(name));
  const others = own.length < names.length ? ", list price for the others" : "";
  return `plan price over capacity for ${own.join(", ")}${others}`;
}
