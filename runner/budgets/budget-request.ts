import type { Usage } from "../../ledger/domain/usage.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";
import { toGrains } from "./budget-unit.ts";

/** The estimated or observed usage of a request: tokens of the basis, and dollars. */
export interface Estimate {
  readonly tokens: number;
  /** null if unknown. */
  readonly usd: number | null;
  readonly model?: string | null;
}

/** The usage that an answer reported; null if it did not. */
export interface Told {
  readonly tokens: number | null;
  readonly usd: number | null;
  /** The same by token class, kept with the debit. */
  readonly usage?: Usage | undefined;
  readonly model?: string | null;
}

export type Reserving =
  | { readonly admitted: true; readonly reservation: string }
  | { readonly admitted: false; readonly refusal: BudgetRefusal };

/** The work of a window, and the role that does it. */
export interface Work {
  readonly command: string;
  /** By default `implementer`, the role of an agent that works alone. */
  readonly role?: string;
  /** The task's own cap, tokens; null if it has none. */
  readonly windowCap: number | null;
}

export const SOLO_ROLE = "implementer";

/** Returns whole tokens to reserve, at least 1, so that a limit of 0 admits nothing. */
export function wholeTokens(tokens: number): number {
  return tokens >= 1 ? Math.min(Math.ceil(tokens), Number.MAX_SAFE_INTEGER) : 1;
}

export function nanoDollars(dollars: number | null): number | null {
  return dollars === null || !(dollars >= 0) ? null : toGrains("usd", dollars);
}

export function isTokens(total: number): boolean {
  return Number.isSafeInteger(total) && total >= 0;
}
