import type { PlanCost } from "../../ledger/domain/dollars.ts";
import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import type { DollarFigures, DollarLine, PlanLine } from "./results-data.ts";

/** The cost of windows in dollars, whatever measure is compared, and what is unknown of it. */
export function describeDollars({ windows, settings }: Evidence): DollarFigures {
  const finals = windows.flatMap(({ final }) => final ?? []);
  return {
    prices: settings.prices,
    unpriced: listUnpriced(finals),
    untold: finals.reduce((sum, { dollars }) => sum + (dollars?.untold ?? 0), 0),
    windows: finals.flatMap(describeLine),
  };
}

function listUnpriced(finals: readonly FinalizedFact[]): DollarFigures["unpriced"] {
  const named = finals.flatMap(({ provider, dollars }) =>
    (dollars?.unpriced ?? []).map((model) => ({ model, provider })),
  );
  return groupSorted(named, ({ provider, model }) => `${provider}\n${model}`).flatMap(
    ([, own]) => own[0] ?? [],
  );
}

function describeLine({ window, provider, dollars }: FinalizedFact): readonly DollarLine[] {
  if (dollars === undefined) return [];
  const { amount, known, reported } = dollars;
  const isComparable = amount !== null && amount > 0 && reported !== null;
  const divergence = isComparable ? reported / amount - 1 : null;
  const plan = dollars.plan === undefined ? null : describePlan(dollars.plan, amount);
  return [{ window, provider, amount, known, reported, divergence, plan }];
}

function describePlan(paid: PlanCost, listed: number | null): PlanLine {
  const { amount } = paid;
  const isComparable = amount !== null && amount > 0 && listed !== null;
  return {
    plan: paid.plan,
    list: paid.list,
    as_of: paid.as_of,
    usd: paid.usd,
    per_days: paid.per_days,
    meter: paid.meter,
    step_percent: paid.step_percent,
    limit_window_minutes: paid.limit_window_minutes,
    moved_percent: paid.moved_percent,
    elsewhere: paid.elsewhere,
    amount,
    resolution: paid.resolution,
    reason: paid.reason,
    list_divergence: isComparable ? listed / amount - 1 : null,
  };
}
