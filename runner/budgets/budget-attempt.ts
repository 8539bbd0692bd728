import type { z } from "zod";

import type { BudgetScope } from "../../ledger/domain/budget-event.ts";
import type { WindowKey } from "../../ledger/domain/window.ts";
import type { BudgetAccount } from "./budget-account.ts";

/** Which attempt at which window: what every row of it carries. */
export type AttemptFields = z.infer<z.ZodObject<typeof WindowKey>>;

/** Why a request went no further; tokens of the book's basis, as they stood then. */
export interface BudgetRefusal {
  readonly name: string;
  readonly scope: BudgetScope;
  readonly used: number;
  readonly reserved: number;
  readonly requested: number;
  readonly limit: number;
}

/** One attempt as the budget book sees it. */
export interface BudgetAttempt {
  readonly key: AttemptFields;
  /** The base command. */
  readonly command: string;
  /** The most that the attempt is expected to take, tokens; null where nothing bounds it. */
  readonly allowance: number | null;
  /** The first refusal, which holds for every later request of the attempt; null before it. */
  readonly refusal: BudgetRefusal | null;
}

/** The book's own side of an attempt. */
export class OpenAttempt implements BudgetAttempt {
  readonly key: AttemptFields;
  readonly command: string;
  readonly allowance: number | null;
  /** In the order in which they are asked: an overall refusal names the outcome before a cap does. */
  readonly accounts: readonly BudgetAccount[];
  refusal: BudgetRefusal | null = null;
  readonly #window: BudgetAccount;
  #requests = 0;

  constructor(attempt: {
    readonly key: AttemptFields;
    readonly allowance: number | null;
    readonly overall: BudgetAccount;
    readonly command: BudgetAccount;
    readonly window: BudgetAccount;
  }) {
    this.key = attempt.key;
    this.command = attempt.command.name;
    this.allowance = attempt.allowance;
    this.#window = attempt.window;
    this.accounts = [attempt.overall, attempt.command, attempt.window];
  }

  /** An id that is unique in the experiment, because attempt numbers are. */
  nextReservation(): string {
    this.#requests += 1;
    return `${this.key.window}.${this.key.attempt}.${this.#requests}`;
  }

  /** Tokens of the allowance that are neither used nor reserved: spoken for while it may go on. */
  outstanding(): number {
    if (this.refusal !== null) return 0;
    return Math.max(0, (this.allowance ?? 0) - this.#window.used - this.#window.reserved);
  }
}
