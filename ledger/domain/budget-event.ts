import { z } from "zod";

import { Timestamp } from "./timestamp.ts";
import { TokenBasis } from "./token-basis.ts";
import { Usage } from "./usage.ts";
import { WindowKey } from "./window.ts";

/** What a budget counts over: an experiment, the last hours of a ledger, or one attempt's command, role or window. */
export const BudgetScope = z.enum(["overall", "command", "window", "period", "role"]);
export type BudgetScope = z.infer<typeof BudgetScope>;

/** What a budget counts: tokens of its basis, US dollars, or minutes of attempts. */
export const BudgetUnit = z.enum(["tokens", "usd", "minutes"]);
export type BudgetUnit = z.infer<typeof BudgetUnit>;

/** `turn`: the place of a role's turn in its attempt; absent for an agent that works alone. */
const BudgetKey = { ...WindowKey, turn: z.int().positive().optional(), basis: TokenBasis };
const Tokens = z.int().nonnegative();
const Dollars = z.number().nonnegative();
/** An amount of the row's `unit`. */
const Amount = z.number().nonnegative();
/** Absent: tokens. */
const Unit = BudgetUnit.optional();

/** Row `budget_reserved`: an estimate set aside before a request is forwarded. */
export const BudgetReserved = z.looseObject({
  record: z.literal("budget_reserved"),
  ...BudgetKey,
  reservation: z.string(),
  tokens: Tokens,
  /** The same in dollars; absent if it is unknown. */
  usd: Dollars.optional(),
});
export type BudgetReserved = z.infer<typeof BudgetReserved>;

/**
 * Row `budget_debited`: what a request really took since its stream's last known total. With
 * `unit: minutes` it is an attempt's time instead, and moves no tokens.
 */
export const BudgetDebited = z.looseObject({
  record: z.literal("budget_debited"),
  ...BudgetKey,
  reservation: z.string(),
  command: z.string(),
  role: z.string().optional(),
  /** Difference to the stream's last known total, tokens. */
  delta: Tokens,
  /** The stream's total so far, tokens. */
  total: Tokens,
  /** What the request took beyond its estimate, tokens. */
  overshoot: Tokens,
  /** `delta`, `total` and `overshoot` in dollars; absent if they are unknown. */
  delta_usd: Dollars.optional(),
  total_usd: Dollars.optional(),
  overshoot_usd: Dollars.optional(),
  is_final: z.boolean(),
  /**
   * The answer did not state all of its usage: `total` is the reserved estimate, or the request by
   * its size and the answer by what came, if that is more.
   */
  is_estimated: z.boolean().optional(),
  /** The price of the answer's usage is unknown: `total_usd` is the reserved estimate. */
  is_usd_estimated: z.boolean().optional(),
  /** The model that was asked, as prices know it. */
  model: z.string().optional(),
  /**
   * The usage that the answer stated, in every token class, so that the debit can be read in
   * another basis.
   */
  usage: Usage.optional(),
  unit: Unit,
  /** Wall time of the attempt, with `unit: minutes`. */
  minutes: z.number().nonnegative().optional(),
});
export type BudgetDebited = z.infer<typeof BudgetDebited>;

/**
 * Row `budget_refused`: a budget did not let a request, or a whole window, start. Each attempt has
 * one such row. Its later requests are refused by the same decision and are in the telemetry.
 */
export const BudgetRefused = z.looseObject({
  record: z.literal("budget_refused"),
  ...BudgetKey,
  budget: z.string(),
  scope: BudgetScope,
  used: Amount,
  reserved: Amount,
  requested: Amount,
  limit: Amount,
  unit: Unit,
  /** When there will be room for the request; null if time frees nothing. */
  frees_at: Timestamp.nullable().optional(),
  /** The model without a price, if that is why dollars could not be counted. */
  unpriced_model: z.string().optional(),
});
export type BudgetRefused = z.infer<typeof BudgetRefused>;

/** Row `budget_warned`: spending reached a threshold (70, 90, 100 %) for the first time. */
export const BudgetWarned = z.looseObject({
  record: z.literal("budget_warned"),
  ...BudgetKey,
  budget: z.string(),
  threshold_percent: z.int(),
  used: Amount,
  limit: Amount,
  scope: BudgetScope.optional(),
  unit: Unit,
});
export type BudgetWarned = z.infer<typeof BudgetWarned>;

/**
 * Row `budget_breached`: spending went past a limit, by an overshoot or because the mode is `warn`.
 * The budget has one such row, written at the crossing. Later spending is in the debits.
 */
export const BudgetBreached = z.looseObject({
  record: z.literal("budget_breached"),
  ...BudgetKey,
  budget: z.string(),
  used: Amount,
  limit: Amount,
  scope: BudgetScope.optional(),
  unit: Unit,
});
export type BudgetBreached = z.infer<typeof BudgetBreached>;

/** All rows that a budget writes. */
export type BudgetEvent =
  | BudgetReserved
  | BudgetDebited
  | BudgetRefused
  | BudgetWarned
  | BudgetBreached;
