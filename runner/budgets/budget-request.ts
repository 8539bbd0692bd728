import type { Usage } from "../../ledger/domain/usage.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";
import { toGrains } from "./budget-unit.ts";

/** What is asked of a request's budgets, or told to them: tokens of the basis, and dollars. */
export interface Estimate {
  readonly tokens: number;
  /** null: nobody knows. */
  readonly usd: number | null;
  readonly model?: string | null;
}

/** What an answer told of what it took; null where it did not say. */
export interface Told {
  readonly tokens: number | null;
  readonly usd: number | null;
  /** The same in token classes, kept with the debit. */
  readonly usage?: Usage | undefined;
  readonly model?: string | null;
}

export type Reserving =
  | { readonly admitted: true; readonly reservation: string }
  | { readonly admitted: false; readonly refusal: BudgetRefusal };

/** What a window is asked to do, and by whom. */
export interface Work {
  readonly command: string;
  /** By default `implementer`: who works alone implements. */
  readonly role?: string;
  /** The task's own cap, tokens; null where it has none. */
  readonly windowCap: number | null;
}

export const SOLO_ROLE = "implementer";

/** Whole tokens to set aside, at least 1, so that a limit of 0 admits nothing. */
export function wholeTokens(tokens: number): number {
  return tokens >= 1 ? Math.min(Math.ceil(tokens), Number.MAX_SAFE_INTEGER) : 1;
}

export function nanoDollars(dollars: number | null): number | null {
  return dollars === null || !(dollars >= 0) ? null : toGrains("usd", dollars);
}

export function isTokens(total: number): boolean {
  return Number.isSafeInteger(total) && total >= 0;
}
