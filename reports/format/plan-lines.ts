import type { DollarLine, PlanLine } from "../report/dollars-data.ts";
import { costText } from "./cost-text.ts";
import { type Column, markdownTable } from "./markdown-table.ts";
import { escapeMarkdown } from "./markdown-text.ts";
import { formatPercent, formatSignificant, NOT_AVAILABLE } from "./number-text.ts";

/** How a plan makes dollars, wherever it does. */
const PLAN_FORMULA =
  "plan price over capacity: usd × limit_window_minutes ÷ (per_days × 1440) × moved percent ÷ 100";

/** One of a provider's windows that a plan paid for. */
interface PaidLine extends DollarLine {
  readonly plan: PlanLine;
}

function paidLines(lines: readonly DollarLine[]): readonly PaidLine[] {
  return lines.flatMap((line) => (line.plan === null ? [] : [{ ...line, plan: line.plan }]));
}

/** `max-20x (200 dollars per 30 days by the meter weekly, in steps of 1 %)`, each once. */
function sayPlans(lines: readonly PaidLine[]): string {
  const said = lines.map(
    ({ plan: { plan, usd, per_days, meter, step_percent } }) =>
      `${plan} (${String(usd)} dollars per ${String(per_days)} days by the meter ${meter}, in steps of ${String(step_percent)} %)`,
  );
  return [...new Set(said)].join("; ");
}

/** What a provider's windows took of its plan, beside their list price; null where it has no plan. */
export function planSumText(lines: readonly DollarLine[]): string | null {
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
          `${costText(sum, "usd")} for ${countText(known)}`,
          `one step is ${costText(step, "usd")}`,
        ]),
    ...(zeros === 0 ? [] : [`${String(zeros)} below a step, which enter no ratio`]),
    ...(missing === 0 ? [] : [`${NOT_AVAILABLE} for ${String(missing)} (${unknown.join(", ")})`]),
  ];
  return `plan ${sayPlans(paid)}: ${parts.join(", ")}`;
}

function countText({ length }: readonly unknown[]): string {
  return length === 1 ? "1 window" : `${String(length)} windows`;
}

/** How far the list price is off where both are known; null where nowhere. */
export function listDivergenceText(lines: readonly DollarLine[]): string | null {
  const both = paidLines(lines).filter(({ plan }) => plan.list_divergence !== null);
  if (both.length === 0) return null;
  const paid = both.reduce((sum, { plan }) => sum + (plan.amount ?? 0), 0);
  const listed = both.reduce((sum, { amount }) => sum + (amount ?? 0), 0);
  return `${formatPercent(listed / paid - 1)} off the plan`;
}

const COLUMNS: readonly Column[] = [
  ["Window", "l"],
  ["Provider", "l"],
  ["Meter", "l"],
  ["Moved %", "r"],
  ["Plan price", "r"],
  ["One step", "r"],
  ["Of it elsewhere", "r"],
  ["List price", "r"],
  ["Divergence", "r"],
];

/** Plan price of every window that a plan paid for, beside its list price. */
export function planBlocks(lines: readonly DollarLine[]): readonly string[] {
  const paid = paidLines(lines);
  if (paid.length === 0) return [];
  const owners = Map.groupBy(paid, ({ provider }) => provider);
  return [
    `Plans: ${[...owners].map(([provider, own]) => `${escapeMarkdown(provider)}: ${escapeMarkdown(sayPlans(own))}`).join("; ")}. A window costs ${PLAN_FORMULA}, and the list price of what went to other upstreams. A meter moves in steps: an amount is known to one step, and 0 means less than one; it enters no ratio and no geometric mean.`,
    ...markdownTable(COLUMNS, paid.map(planCells)),
  ];
}

function planCells({ window, provider, amount: listed, plan }: PaidLine): readonly string[] {
  const { amount, reason } = plan;
  return [
    escapeMarkdown(window),
    escapeMarkdown(provider),
    escapeMarkdown(plan.meter),
    formatSignificant(plan.moved_percent),
    amount === null
      ? `${NOT_AVAILABLE} (${escapeMarkdown(reason ?? "")})`
      : costText(amount, "usd"),
    costText(plan.resolution, "usd"),
    costText(plan.elsewhere, "usd"),
    costText(listed, "usd"),
    formatPercent(plan.list_divergence),
  ];
}

/** `plan price over capacity for claude, list price for the others`; null where no plan pays. */
export function planBasisText(
  lines: readonly DollarLine[],
  providers: readonly { readonly provider: string }[],
): string | null {
  const paid = new Set(paidLines(lines).map(({ provider }) => provider));
  if (paid.size === 0) return null;
  const names = providers.map(({ provider }) => provider);
  const own = names.filter((name) => paid.has(name)).map(escapeMarkdown);
  const others = own.length < names.length ? ", list price for the others" : "";
  return `plan price over capacity for ${own.join(", ")}${others}`;
}
