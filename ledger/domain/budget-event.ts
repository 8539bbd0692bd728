import { z } from "zod";

import { TokenBasis } from "./token-basis.ts";
import { Usage } from "./usage.ts";
import { WindowKey } from "./window.ts";

/** What a budget counts over: the whole experiment, one attempt's command, or one attempt. */
export const BudgetScope = z.enum(["overall", "command", "window"]);
export type BudgetScope = z.infer<typeof BudgetScope>;

const BudgetKey = { ...WindowKey, basis: TokenBasis };

/** Row `budget_reserved`: an estimate set aside before a request is forwarded. */
export const BudgetReserved = z.looseObject({
  record: z.literal("budget_reserved"),
  ...BudgetKey,
  reservation: z.string(),
  tokens: z.int().nonnegative(),
});
export type BudgetReserved = z.infer<typeof BudgetReserved>;

/** Row `budget_debited`: what a request really took since its stream's last known total. */
export const BudgetDebited = z.looseObject({
  record: z.literal("budget_debited"),
  ...BudgetKey,
  reservation: z.string(),
  command: z.string(),
  /** Difference to the stream's last known total, tokens. */
  delta: z.int().nonnegative(),
  /** The stream's total so far, tokens. */
  total: z.int().nonnegative(),
  /** What the request took beyond its estimate, tokens. */
  overshoot: z.int().nonnegative(),
  is_final: z.boolean(),
  /** The answer did not tell its usage to the end: `total` is at least the reserved estimate. */
  is_estimated: z.boolean().optional(),
  /** What the answer told, in every token class, so that the debit can be read in another basis. */
  usage: Usage.optional(),
});
export type BudgetDebited = z.infer<typeof BudgetDebited>;

/**
 * Row `budget_refused`: a request, or a whole window, that a budget did not let start. One row per
 * attempt: its later requests are refused by the same decision and stand in the telemetry.
 */
export const BudgetRefused = z.looseObject({
  record: z.literal("budget_refused"),
  ...BudgetKey,
  budget: z.string(),
  scope: BudgetScope,
  used: z.int().nonnegative(),
  reserved: z.int().nonnegative(),
  requested: z.int().nonnegative(),
  limit: z.int().nonnegative(),
});
export type BudgetRefused = z.infer<typeof BudgetRefused>;

/** Row `budget_warned`: spending reached a threshold (70, 90, 100 %) for the first time. */
export const BudgetWarned = z.looseObject({
  record: z.literal("budget_warned"),
  ...BudgetKey,
  budget: z.string(),
  threshold_percent: z.int(),
  used: z.int().nonnegative(),
  limit: z.int().nonnegative(),
  scope: BudgetScope.optional(),
});
export type BudgetWarned = z.infer<typeof BudgetWarned>;

/**
 * Row `budget_breached`: spending went past a limit, by an overshoot or because the mode is `warn`.
 * Written once per budget, at the crossing; what came after it stands in the debits.
 */
export const BudgetBreached = z.looseObject({
  record: z.literal("budget_breached"),
  ...BudgetKey,
  budget: z.string(),
  used: z.int().nonnegative(),
  limit: z.int().nonnegative(),
  scope: BudgetScope.optional(),
});
export type BudgetBreached = z.infer<typeof BudgetBreached>;

/** Everything that a budget has to tell the ledger. */
export type BudgetEvent =
  | BudgetReserved
  | BudgetDebited
  | BudgetRefused
  | BudgetWarned
  | BudgetBreached;
