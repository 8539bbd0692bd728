import type { z } from "zod";

import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { WindowKey } from "../../ledger/domain/window.ts";
import type { BudgetAccount, Crossing } from "./budget-account.ts";
import { type Amounts, toGrains, UNBOUNDED } from "./budget-unit.ts";

/** Which attempt at which window: what every row of it carries. */
export type AttemptFields = z.infer<z.ZodObject<typeof WindowKey>>;

/** The part of them that tells it from others in its experiment. */
export type AttemptId = Pick<AttemptFields, "window" | "attempt">;

export function attemptId({ window, attempt }: AttemptId): string {
  return `${window}.${attempt}`;
}

/** Why a request went no further, as it stood then; tokens of the basis, dollars or minutes. */
export interface BudgetRefusal {
  readonly name: string;
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
  readonly used: number;
  readonly reserved: number;
  readonly requested: number;
  readonly limit: number;
  /** When the passing of time makes room, epoch ms; null where it never does. */
  readonly freesAtMs: number | null;
  /** The model without a price, where that is why dollars could not be counted. */
  readonly unpricedModel?: string;
}

/** One attempt as the budget book sees it. */
export interface BudgetAttempt {
  readonly key: AttemptFields;
  /** The base command. */
  readonly command: string;
  readonly role: string;
  /** The most that the attempt is expected to take, grains; null where nothing bounds it. */
  readonly allowance: Amounts;
  /** The first refusal, which holds for every later request of the attempt; null before it. */
  readonly refusal: BudgetRefusal | null;
}

/** The book's own side of an attempt. */
export class OpenAttempt implements BudgetAttempt {
  readonly key: AttemptFields;
  readonly command: string;
  readonly role: string;
  readonly allowance: Amounts;
  /**
   * In the order in which they are asked: an overall refusal names the outcome before a cap does, and
   * a cap before the period, since no waiting helps an attempt that its own cap has ended.
   */
  readonly accounts: readonly BudgetAccount[];
  refusal: BudgetRefusal | null = null;
  #requests: number;
  #tickedMs: number;
  #elapsedMs = 0;

  constructor(attempt: {
    readonly key: AttemptFields;
    readonly command: string;
    readonly role: string;
    readonly allowance: Amounts;
    readonly accounts: readonly BudgetAccount[];
    /** Requests of it that the ledger knows of. */
    readonly requestsBefore: number;
    /** Monotonic. */
    readonly openedMs: number;
  }) {
    this.key = attempt.key;
    this.command = attempt.command;
    this.role = attempt.role;
    this.allowance = attempt.allowance;
    this.accounts = attempt.accounts;
    this.#requests = attempt.requestsBefore;
    this.#tickedMs = attempt.openedMs;
  }

  /** An id that is unique in the experiment, because attempt numbers are, or else owners. */
  nextReservation(owner: string | null): string {
    this.#requests += 1;
    const id = `${attemptId(this.key)}.${this.#requests}`;
    return owner === null ? id : `${id}.${owner}`;
  }

  /** The reservation that stands for the attempt's time. */
  get timeReservation(): string {
    return `${attemptId(this.key)}.time.${this.#requests}`;
  }

  /** What of the allowance is neither used nor reserved: spoken for while it may go on; grains. */
  outstanding(unit: BudgetUnit): number {
    if (this.refusal !== null) return 0;
    const taken = this.own(unit);
    return Math.max(0, (this.allowance[unit] ?? 0) - taken.used - taken.reserved);
  }

  /** What it would have needed of the period that refused it, grains; null where none did. */
  needOfPeriod(): Amounts | null {
    if (this.refusal?.scope !== "period") return null;
    const { unit, requested, limit } = this.refusal;
    const need = this.own(unit).used + toGrains(unit, requested);
    return { ...UNBOUNDED, [unit]: Math.min(need, toGrains(unit, limit)) };
  }

  /** The account of the window, which counts the attempt alone, limited or not. */
  own(unit: BudgetUnit): BudgetAccount {
    const account = this.accounts.find((one) => one.scope === "window" && one.unit === unit);
    if (account === undefined) throw new Error(`The attempt has no account of ${unit}.`);
    return account;
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Counts the time since the last call in every account of minutes, to the whole millisecond. */
  tick(nowMs: number): readonly { readonly account: BudgetAccount; readonly crossing: Crossing }[] {
    const passedMs = Math.max(0, Math.floor(nowMs - this.#tickedMs));
    this.#tickedMs += passedMs;
    this.#elapsedMs += passedMs;
    return this.accounts
      .filter(({ unit }) => unit === "minutes")
      .map((account) => ({ account, crossing: account.spend(passedMs) }));
  }
}
