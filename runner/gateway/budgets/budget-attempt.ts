import type { z } from "zod";

import type { BudgetUnit } from "../../../ledger/domain/budget-event.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { WindowKey } from "../../../ledger/domain/window.ts";
import type { BudgetAccount, BudgetFigures, Crossing } from "./budget-account.ts";
import { type Amounts, perUnit, toGrains, UNBOUNDED } from "./budget-unit.ts";

/** The fields that identify an attempt in each of its rows. */
export type AttemptFields = z.infer<z.ZodObject<typeof WindowKey>> & { readonly turn?: number };

/** The fields that identify an attempt within its experiment. */
export type AttemptId = Pick<AttemptFields, "window" | "attempt">;

export function attemptId({ window, attempt }: AttemptId): string {
  return `${window}.${attempt}`;
}

/** An attempt, or one turn of a role in it. */
export type TurnId = AttemptId & { readonly turn?: number | undefined };

export function turnId({ turn, ...attempt }: TurnId): string {
  return turn === undefined ? attemptId(attempt) : `${attemptId(attempt)}.t${String(turn)}`;
}

/** Why a request was refused, with the figures of that moment: tokens of the basis, dollars or minutes. */
export interface BudgetRefusal extends BudgetFigures {
  readonly limit: number;
  /** The attempt stays open, and time may make room: a later request may be admitted. */
  readonly isPassing?: boolean;
  readonly requested: number;
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
  /** Its refusal, which holds for every later request unless it is passing; null if its requests pass. */
  readonly refusal: BudgetRefusal | null;
  /** Whether the attempt waits for room in the period, as an agent of your own does. */
  readonly isOpenEnded: boolean;
}

/** The book's private state of an attempt. */
export class OpenAttempt implements BudgetAttempt {
  readonly key: AttemptFields;
  readonly command: string;
  readonly role: string;
  readonly allowance: Amounts;
  readonly isOpenEnded: boolean;
  /**
   * The accounts in the order of their checks. An overall refusal decides the outcome before a cap, and
   * a cap before the period, because waiting can't help an attempt that its own cap has ended.
   */
  readonly accounts: readonly BudgetAccount[];
  refusal: BudgetRefusal | null = null;
  #requests: number;
  #tickedMs: number;
  #elapsedMs = 0;

  constructor(
    attempt: Omit<BudgetAttempt, "refusal"> & {
      readonly accounts: readonly BudgetAccount[];
      /** The number of its requests in the ledger. */
      readonly requestsBefore: number;
      /** Monotonic. */
      readonly openedMs: number;
    },
  ) {
    this.key = attempt.key;
    this.command = attempt.command;
    this.role = attempt.role;
    this.allowance = attempt.allowance;
    this.isOpenEnded = attempt.isOpenEnded;
    this.accounts = attempt.accounts;
    this.#requests = attempt.requestsBefore;
    this.#tickedMs = attempt.openedMs;
  }

  get requests(): number {
    return this.#requests;
  }

  /** Returns an id that is unique in the experiment, because attempt numbers or owners are. */
  nextReservation(owner: string | undefined): string {
    this.#requests += 1;
    const id = `${turnId(this.key)}.${this.#requests}`;
    return owner === undefined ? id : `${id}.${owner}`;
  }

  /** The id under which the attempt's time is debited. */
  get timeReservation(): string {
    return `${turnId(this.key)}.time.${this.#requests}`;
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

  /** Returns what the window may still use, grains; null if nothing limits it. */
  leftOfWindow(): Amounts {
    return perUnit((unit) => {
      const { limit, used, reserved } = this.own(unit);
      return limit === null ? null : Math.max(0, limit - used - reserved);
    });
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
  tick(nowMs: number): readonly Crossing[] {
    const passedMs = Math.max(0, Math.floor(nowMs - this.#tickedMs));
    this.#tickedMs += passedMs;
    this.#elapsedMs += passedMs;
    return this.accounts
      .filter(({ unit }) => unit === "minutes")
      .map((account) => account.spend(passedMs));
  }
}

/** The estimated or observed usage of a request: tokens of the basis, and dollars. */
export interface Estimate {
  readonly tokens: number;
  /** null if unknown. */
  readonly usd: number | null;
  readonly model?: string | null;
}

/** The usage of an answer; null if it is unknown. */
export interface Told {
  readonly tokens: number | null;
  readonly usd: number | null;
  /** Whether its size says so, and not the answer itself. */
  readonly isEstimated?: boolean;
  /** Output tokens, stated or estimated. */
  readonly output?: number;
  /** The most output that the request allowed; null if it did not say. */
  readonly outputMax?: number | null;
  /** The same by token class, kept with the debit. */
  readonly usage?: Usage | undefined;
  readonly model?: string | null;
}

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

/** Tokens of the basis, and nano-dollars; null if unknown. */
export interface Taken {
  readonly tokens: number;
  readonly usd: number | null;
}

export const NOTHING_TAKEN: Taken = { tokens: 0, usd: 0 };

/** One step of a request's total, and its effect on the budgets. */
export interface Advance {
  readonly reservation: string;
  readonly attempt: OpenAttempt;
  readonly delta: Taken;
  readonly total: Taken;
  /** Usage beyond the estimate so far. */
  readonly overshoot: Taken;
  readonly isFinal: boolean;
  /** The state of each budget after the step. */
  readonly crossings: readonly Crossing[];
}

/** An admitted request in flight: its estimate and its usage. */
export class Flight {
  readonly attempt: OpenAttempt;
  readonly estimate: Taken;
  readonly #reservation: string;
  /** The part of the estimate that is still reserved. */
  #held: Taken;
  #total = NOTHING_TAKEN;
  #seen = NOTHING_TAKEN;

  /** Reserves the estimate in every budget of the attempt. */
  constructor(attempt: OpenAttempt, reservation: string, estimate: Taken) {
    this.attempt = attempt;
    this.estimate = estimate;
    this.#reservation = reservation;
    this.#held = estimate;
    for (const account of this.attempt.accounts) {
      account.reserve(of(estimate, account.unit));
    }
  }

  /** The last known total. */
  get total(): Taken {
    return this.#total;
  }

  /** Notes the usage that a running answer shows, without debiting it. */
  see(total: Taken): void {
    this.#seen = larger(this.#seen, total);
  }

  /** Returns the usage that is seen and not debited, grains. */
  undebited(unit: BudgetUnit): number {
    return Math.max(0, of(this.#seen, unit) - of(this.#total, unit));
  }

  /** Debits the usage since the last known total, and releases that part of the reservation. */
  advance(total: Taken): Advance {
    const reached = larger(this.#total, total);
    return this.#step(reached, { isFinal: false, held: beyond(this.estimate, reached) });
  }

  /** Ends with the usage. The reserved estimate replaces missing figures, and the remarks say so. */
  landAsTold({ tokens, usd, usage, model = null, ...told }: Told) {
    const { estimate } = this;
    const isUnknown = tokens === null || !isTokens(tokens);
    const isEstimated = isUnknown || told.isEstimated === true;
    const dollars = nanoDollars(usd);
    const isUsdEstimated = dollars === null && estimate.usd !== null;
    const total = {
      tokens: isUnknown ? estimate.tokens : tokens,
      usd: dollars ?? estimate.usd,
    };
    // A total that decreases debits nothing.
    const reached = larger(this.#total, total);
    const advance = this.#step(reached, { isFinal: true, held: NOTHING_TAKEN });
    return { advance, remarks: { isEstimated, isUsdEstimated, usage, model } };
  }

  #step(
    total: Taken,
    { isFinal, held }: { readonly isFinal: boolean; readonly held: Taken },
  ): Advance {
    const delta = beyond(total, this.#total);
    const released = beyond(this.#held, held);
    this.#total = total;
    this.#held = held;
    const crossings = this.attempt.accounts
      .filter(({ unit }) => unit !== "minutes")
      .map((account) => {
        account.release(of(released, account.unit));
        return account.spend(of(delta, account.unit));
      });
    return {
      reservation: this.#reservation,
      attempt: this.attempt,
      delta,
      total,
      overshoot: beyond(total, this.estimate),
      isFinal,
      crossings,
    };
  }
}

/** Returns the usage in one unit. Requests use no time, and unknown usage counts as 0. */
function of(taken: Taken, unit: BudgetUnit): number {
  return unit === "minutes" ? 0 : (taken[unit] ?? 0);
}

/** Returns the larger of two usages. Its dollars are unknown only if neither has any. */
function larger(one: Taken, other: Taken): Taken {
  const usd =
    other.usd === null ? (one.usd === 0 ? null : one.usd) : Math.max(one.usd ?? 0, other.usd);
  return { tokens: Math.max(one.tokens, other.tokens), usd };
}

function beyond(one: Taken, other: Taken): Taken {
  const usd = one.usd === null ? null : Math.max(0, one.usd - (other.usd ?? 0));
  return { tokens: Math.max(0, one.tokens - other.tokens), usd };
}
