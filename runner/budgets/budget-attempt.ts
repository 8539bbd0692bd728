import type { z } from "zod";

import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { WindowKey } from "../../ledger/domain/window.ts";
import type { BudgetAccount, Crossing } from "./budget-account.ts";
import { type Amounts, toGrains, UNBOUNDED } from "./budget-unit.ts";

/** The fields that identify an attempt in each of its rows. */
export type AttemptFields = z.infer<z.ZodObject<typeof WindowKey>>;

/** The fields that identify an attempt within its experiment. */
export type AttemptId = Pick<AttemptFields, "window" | "attempt">;

export function attemptId({ window, attempt }: AttemptId): string {
  return `${window}.${attempt}`;
}

/** Why a request was refused, with the figures of that moment: tokens of the basis, dollars or minutes. */
export interface BudgetRefusal {
  readonly name: string;
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
  readonly used: number;
  readonly reserved: number;
  readonly requested: number;
  readonly limit: number;
  /** When time will make room, epoch ms; null if it never does. */
  readonly freesAtMs: number | null;
  /** The model without a price, if that is why the dollars are unknown. */
  readonly unpricedModel?: string;
}

/** An attempt in the budget book. */
export interface BudgetAttempt {
  readonly key: AttemptFields;
  /** The base command. */
  readonly command: string;
  readonly role: string;
  /** The most that the attempt may use, grains; null if nothing limits it. */
  readonly allowance: Amounts;
  /** The first refusal. It holds for every later request of the attempt. null before it. */
  readonly refusal: BudgetRefusal | null;
}

/** The book's private state of an attempt. */
export class OpenAttempt implements BudgetAttempt {
  readonly key: AttemptFields;
  readonly command: string;
  readonly role: string;
  readonly allowance: Amounts;
  /**
   * The accounts in the order of their checks. An overall refusal decides the outcome before a cap, and
   * a cap before the period, because waiting can't help an attempt that its own cap has ended.
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
    /** The number of its requests in the ledger. */
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

  /** Returns an id that is unique in the experiment, because attempt numbers or owners are. */
  nextReservation(owner: string | null): string {
    this.#requests += 1;
    const id = `${attemptId(this.key)}.${this.#requests}`;
    return owner === null ? id : `${id}.${owner}`;
  }

  /** The id under which the attempt's time is debited. */
  get timeReservation(): string {
    return `${attemptId(this.key)}.time.${this.#requests}`;
  }

  /** Returns the part of the allowance that is neither used nor reserved, grains. */
  outstanding(unit: BudgetUnit): number {
    if (this.refusal !== null) return 0;
    const taken = this.own(unit);
    return Math.max(0, (this.allowance[unit] ?? 0) - taken.used - taken.reserved);
  }

  /** Returns what the attempt needed of the period that refused it, grains; null if no period did. */
  needOfPeriod(): Amounts | null {
    if (this.refusal?.scope !== "period") return null;
    const { unit, requested, limit } = this.refusal;
    const need = this.own(unit).used + toGrains(unit, requested);
    return { ...UNBOUNDED, [unit]: Math.min(need, toGrains(unit, limit)) };
  }

  /** Returns the account of the window, which counts this attempt alone, with or without a limit. */
  own(unit: BudgetUnit): BudgetAccount {
    const account = this.accounts.find((one) => one.scope === "window" && one.unit === unit);
    if (account === undefined) throw new Error(`The attempt has no account of ${unit}.`);
    return account;
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Counts the time since the last call in every account of minutes, in whole milliseconds. */
  tick(nowMs: number): readonly { readonly account: BudgetAccount; readonly crossing: Crossing }[] {
    const passedMs = Math.max(0, Math.floor(nowMs - this.#tickedMs));
    this.#tickedMs += passedMs;
    this.#elapsedMs += passedMs;
    return this.accounts
      .filter(({ unit }) => unit === "minutes")
      .map((account) => ({ account, crossing: account.spend(passedMs) }));
  }
}
