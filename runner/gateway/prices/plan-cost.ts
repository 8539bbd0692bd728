import type { PlanCost } from "../../../ledger/domain/dollars.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import type { CapacityDelta } from "../../../ledger/domain/window.ts";
import type { FoundPlan } from "./price-list.ts";

const MINUTES_PER_DAY = 1440;
const PERCENT = 100;
/** Ten decimal places, as in every sum of dollars. */
const ROUNDING = 1e10;

/** A window's readings of its provider's meters. */
export interface MeterReadings {
  readonly before: readonly Meter[];
  readonly after: readonly Meter[];
  /** Deltas according to invariant 4. */
  readonly capacity: readonly CapacityDelta[];
  /** The list price of requests to other upstreams than the plan's; null if unknown. */
  readonly elsewhere: number | null;
}

/**
 * Returns the plan price over capacity: the plan's price for one window of its meter, times the share of
 * the meter that was used,
 *
 *     usd × limit_window_minutes ÷ (per_days × 1440) × moved_percent ÷ 100 + elsewhere.
 *
 * The meter moves in steps. The price of one step is the resolution: a window that moved the meter by
 * less costs 0 within it. If the movement is not proven, there is a reason instead of an amount.
 */
export function planCost(plan: FoundPlan, readings: MeterReadings): PlanCost {
  const { usd, per_days, meter: name, step_percent } = plan.price;
  const { elsewhere } = readings;
  const figures = { plan: plan.name, list: plan.list, as_of: plan.asOf };
  const price = { usd, per_days, meter: name, step_percent };
  const moved = movement(name, readings);
  if ("reason" in moved) {
    const unknown = { limit_window_minutes: null, moved_percent: null, amount: null };
    return { ...figures, ...price, ...unknown, resolution: null, elsewhere, reason: moved.reason };
  }
  const perPercent = (usd * moved.minutes) / (per_days * MINUTES_PER_DAY) / PERCENT;
  return {
    ...figures,
    ...price,
    limit_window_minutes: moved.minutes,
    moved_percent: round(moved.percent),
    amount: elsewhere === null ? null : round(perPercent * moved.percent + elsewhere),
    resolution: round(perPercent * step_percent),
    elsewhere,
    reason: elsewhere === null ? "unpriced-elsewhere" : null,
  };
}

type Movement =
  | { readonly percent: number; readonly minutes: number }
  | { readonly reason: string };

function movement(name: string, { before, after, capacity }: MeterReadings): Movement {
  const [first, last] = [before, after].map((meters) => meters.find((one) => one.name === name));
  if (first === undefined && last === undefined) return { reason: "meter-missing" };
  if (first === undefined) return { reason: "meter-missing-before" };
  if (last === undefined) return { reason: "meter-missing-after" };
  const { delta, flag } = capacity.find((one) => one.name === name) ?? { delta: null };
  if (delta === null) return { reason: flag ?? "meter-missing" };
  const { limit_window_minutes: minutes } = last;
  if (minutes === null || minutes !== first.limit_window_minutes) {
    return { reason: "meter-without-window" };
  }
  const limit = limitOf(last);
  if (limit === null || limit !== limitOf(first)) return { reason: "meter-without-limit" };
  return { percent: (delta / limit) * PERCENT, minutes };
}

/** The limit of a meter in its own unit. */
function limitOf({ unit, limit }: Meter): number | null {
  if (unit === "percent") return PERCENT;
  return limit === undefined || limit === 0 ? null : limit;
}

function round(value: number): number {
  return Math.round(value * ROUNDING) / ROUNDING;
}
