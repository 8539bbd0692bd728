import { z } from "zod";

import { fieldHints } from "../../platform/yaml/field-hints.ts";
import { PEAK_FIELDS } from "./peak-hours.ts";

/** Nothing on the market comes near; a price per token written as one per million does not pass below. */
const DOLLARS_MAX = 100_000;

const Dollars = z.number().min(0).max(DOLLARS_MAX).register(fieldHints, {
  expected: "dollars, from 0 to 100000",
  mend: "Write dollars per million tokens, e.g. 3.",
});

/** Dollars per million tokens of each class; a class without a price is unknown, not free. */
const ClassPrices = {
  input: Dollars,
  output: Dollars,
  cache_read: Dollars.optional(),
  /** Writing to a cache that lives five minutes. */
  cache_write_5m: Dollars.optional(),
  /** Writing to a cache that lives an hour. */
  cache_write_1h: Dollars.optional(),
  /** Sound that is read or written, and pictures that are written. */
  audio_input: Dollars.optional(),
  audio_output: Dollars.optional(),
  image_output: Dollars.optional(),
};

/** Prices of a whole request whose prompt, caches included, is longer than this. */
const LongPrompt = z.strictObject({ above_tokens: z.int().positive(), ...ClassPrices }).readonly();
export type LongPrompt = z.infer<typeof LongPrompt>;

const TIER_FIELDS = {
  ...ClassPrices,
  /** One step or several: the last one that the prompt passes holds. */
  long_prompt: z.union([LongPrompt, z.array(LongPrompt).min(1).readonly()]).optional(),
};
const TierPrice = z.strictObject(TIER_FIELDS).readonly();
export type TierPrice = z.infer<typeof TierPrice>;

const Factor = z.number().positive().max(100);
const Day = z.iso.date().register(fieldHints, {
  expected: "a date",
  mend: 'Write e.g. "2026-01-31", in quotes.',
});
const PricePeak = z.strictObject({ ...PEAK_FIELDS, factor: Factor }).readonly();
const Name = z.string().min(1).max(100);

const DATED_FIELDS = {
  ...TIER_FIELDS,
  /** Dollars for one web search that the vendor's server made. */
  web_search: Dollars.optional(),
  /** Dollars for one call of another tool of the vendor, by the tool's name. */
  tool_calls: z.record(Name, Dollars).readonly().optional(),
  /** By the name of a tier (batch, flex, priority, fast): prices, or a factor for all tokens. */
  tiers: z
    .record(Name, z.union([Factor, TierPrice]))
    .readonly()
    .optional(),
  /** By the name of a region: a factor for all tokens. */
  regions: z.record(Name, Factor).readonly().optional(),
  /** Hours in which everything costs `factor` times as much. */
  peak: z.union([PricePeak, z.array(PricePeak).min(1).readonly()]).optional(),
  /** The first day of this price. */
  since: Day.optional(),
};
const DatedPrice = z.strictObject(DATED_FIELDS).readonly();
export type DatedPrice = z.infer<typeof DatedPrice>;

/** What one model costs. */
export const ModelPrice = z
  .strictObject({
    ...DATED_FIELDS,
    /** Prices of other days. The one with the last `since` that is not later than a request holds. */
    earlier: z.array(DatedPrice).readonly().optional(),
    /** The source of this price, if it differs from that of its list. */
    source: z.string().min(1).optional(),
  })
  .readonly()
  .register(fieldHints, {
    expected: "a map of prices",
    mend: "Write dollars per million tokens, e.g. { input: 3, output: 15 }.",
  });
export type ModelPrice = z.infer<typeof ModelPrice>;

/** Prices by the exact id of their model. */
export const ModelPrices = z.record(z.string().min(1).max(200), ModelPrice);
export type ModelPrices = z.infer<typeof ModelPrices>;

/** The smallest movement that the vendors' panes show, in percent. */
const STEP_PERCENT = 1;
const PLAN_DOLLARS_MAX = 1_000_000;
const DAYS_MAX = 3660;

/** The price of a subscription, and the vendor's meter that shows how much of it is used. */
export const PlanPrice = z
  .strictObject({
    /** Dollars for `per_days`. */
    usd: z.number().positive().max(PLAN_DOLLARS_MAX),
    /** The days that the price covers. */
    per_days: z.number().positive().max(DAYS_MAX).default(30),
    /** The name of the meter in the vendor's readings, e.g. `5h` or `weekly`. */
    meter: z.string().min(1).max(100).register(fieldHints, {
      expected: "the name of a meter in the vendor's readings",
      mend: "Write e.g. 5h or weekly.",
    }),
    /** The smallest movement that the meter shows, in percent of its limit. */
    step_percent: z.number().positive().max(100).default(STEP_PERCENT),
    /** Hours in which capacity is used up faster. The meter shows by how much. */
    peak: z.strictObject(PEAK_FIELDS).readonly().optional(),
    /** The source of this price, if it differs from that of its list. */
    source: z.string().min(1).optional(),
  })
  .readonly()
  .register(fieldHints, {
    expected: "a price over a meter",
    mend: "Write e.g. { usd: 200, per_days: 30, meter: weekly }.",
  });
export type PlanPrice = z.infer<typeof PlanPrice>;

/** Plans by name. */
const PlanPrices = z.record(z.string().min(1).max(200), PlanPrice);

/** A plan and the list that has its price. */
export interface FoundPlan {
  readonly name: string;
  readonly list: string;
  /** `YYYY-MM-DD`, of the list; null where it has no date. */
  readonly asOf: string | null;
  readonly price: PlanPrice;
}

/** A dated list of prices: the one that comes with the product, or the user's own. */
export const PriceList = z
  .strictObject({
    name: z.string().min(1),
    /** The day on which these prices were in force, `YYYY-MM-DD`; figures in an experiment file have none. */
    as_of: Day.optional(),
    /** The source of the prices. */
    source: z.string().min(1).optional(),
    models: ModelPrices,
    /** Subscriptions, by the name that a provider's `plan` calls them. */
    plans: PlanPrices.optional(),
  })
  .readonly();
export type PriceList = z.infer<typeof PriceList>;

/** Lists every plan once. Earlier lists have priority. */
export function listPlans(lists: readonly PriceList[]): readonly FoundPlan[] {
  const plans = new Map<string, FoundPlan>();
  for (const { name: list, as_of: asOf = null, plans: own = {} } of lists) {
    for (const [name, price] of Object.entries(own)) {
      if (!plans.has(name)) plans.set(name, { name, list, asOf, price });
    }
  }
  return [...plans.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
