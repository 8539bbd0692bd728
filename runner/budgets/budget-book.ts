import type { BudgetEvent } from "../../ledger/domain/budget-event.ts";
import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import { baseCommand } from "./base-command.ts";
import { BudgetAccount, type BudgetFigures } from "./budget-account.ts";
import {
  type AttemptFields,
  type BudgetAttempt,
  type BudgetRefusal,
  OpenAttempt,
} from "./budget-attempt.ts";
import { type BudgetRowKey, debitRows, refusedRow, reservedRow } from "./budget-rows.ts";
import type { EnforcementMode } from "./budgets-file.ts";
import { type Fit, fitAllowance } from "./fit-allowance.ts";
import { Flight } from "./flight.ts";

/** Every limit of a session, tokens of `basis`. */
export interface BudgetLimits {
  readonly mode: EnforcementMode;
  readonly basis: TokenBasis;
  /** Over all sessions of the experiment; null: unlimited. */
  readonly overall: number | null;
  /** Per attempt, by base command; an absent command is unlimited. */
  readonly commands: ReadonlyMap<string, number>;
}

export interface BudgetBookOptions {
  readonly limits: BudgetLimits;
  /** What earlier sessions of the experiment spent, tokens of the basis (`spentSoFar`). */
  readonly spentBefore: number;
  /** Takes each row of `budgets.jsonl`, in order; not awaited. */
  readonly onEvent: (event: BudgetEvent) => void;
}

export type Reserving =
  | { readonly admitted: true; readonly reservation: string }
  | { readonly admitted: false; readonly refusal: BudgetRefusal };

/** The part of an attempt's fields that tells it from others in its experiment. */
type AttemptId = Pick<AttemptFields, "window" | "attempt">;

/**
 * The arithmetic of budgets: limits, what is spent, what is set aside. Without input or output and
 * synchronous, so that nothing can happen between a decision and its reservation. In `block` mode
 * spent + reserved is within every limit whenever a request is admitted; `warn` refuses nothing.
 */
export class BudgetBook {
  readonly limits: BudgetLimits;
  readonly #overall: BudgetAccount;
  readonly #onEvent: (event: BudgetEvent) => void;
  readonly #open = new Map<string, OpenAttempt>();
  readonly #flights = new Map<string, Flight>();

  constructor({ limits, spentBefore, onEvent }: BudgetBookOptions) {
    this.limits = limits;
    this.#onEvent = onEvent;
    this.#overall = new BudgetAccount({
      name: "overall",
      scope: "overall",
      limit: limits.overall,
      used: spentBefore,
    });
  }

  get overall(): BudgetFigures {
    return this.#overall;
  }

  /** Attempts that are open, with their command's and their window's budget. */
  openAttempts(): readonly (BudgetAttempt & { readonly accounts: readonly BudgetFigures[] })[] {
    return [...this.#open.values()];
  }

  /** The least of a window's own cap (`tokens_max`) and its command's limit; null: unlimited. */
  allowance(command: string, windowCap: number | null): number | null {
    const limit = this.limits.commands.get(baseCommand(command)) ?? null;
    return limit === null || windowCap === null ? (limit ?? windowCap) : Math.min(limit, windowCap);
  }

  /**
   * Whether an allowance fits what is left overall once the open attempts have taken all of
   * theirs; asked before a window, or with the sum of its windows' allowances before a pair.
   */
  fits(allowance: number | null): Fit {
    const outstanding = [...this.#open.values()].reduce(
      (sum, attempt) => sum + attempt.outstanding(),
      0,
    );
    return fitAllowance(allowance, {
      mode: this.limits.mode,
      overall: this.#overall,
      outstanding,
    });
  }

  /** Records that a window was not started because it did not fit. */
  refuseWindow(key: AttemptFields, refusal: BudgetRefusal): void {
    this.#emit([refusedRow(this.#rowKey({ key }), refusal)]);
  }

  /** Opens an attempt; its command's and its window's limits start at nothing used. */
  openAttempt({
    key,
    command,
    windowCap,
  }: {
    readonly key: AttemptFields;
    readonly command: string;
    readonly windowCap: number | null;
  }): BudgetAttempt {
    const base = baseCommand(command);
    const limit = this.limits.commands.get(base) ?? null;
    const attempt = new OpenAttempt({
      key,
      allowance: this.allowance(command, windowCap),
      overall: this.#overall,
      command: new BudgetAccount({ name: base, scope: "command", limit, used: 0 }),
      window: new BudgetAccount({ name: "window", scope: "window", limit: windowCap, used: 0 }),
    });
    this.#open.set(attemptId(key), attempt);
    return attempt;
  }

  /** The open attempt with this window and number, if there is one. */
  findAttempt(key: AttemptId): BudgetAttempt | undefined {
    return this.#open.get(attemptId(key));
  }

  /** Ends an attempt: its allowance is free again. Requests in flight are still settled. */
  closeAttempt(key: AttemptId): void {
    this.#open.delete(attemptId(key));
  }

  /**
   * Sets an estimate aside for a request, or refuses it: then, and from then on for every request
   * of the attempt, also where room should come free.
   * @param estimate tokens; less than 1 counts as 1, so that a limit of 0 admits nothing.
   */
  reserve(key: AttemptId, estimate: number): Reserving {
    const attempt = this.#open.get(attemptId(key));
    if (attempt === undefined) {
      throw new Error(`No attempt ${attemptId(key)} is open in the budget book.`);
    }
    if (attempt.refusal !== null) return { admitted: false, refusal: attempt.refusal };
    const tokens = estimate >= 1 ? Math.min(Math.ceil(estimate), Number.MAX_SAFE_INTEGER) : 1;
    const tight = attempt.accounts.find((account) => account.room() < tokens);
    if (tight !== undefined && tight.limit !== null && this.limits.mode === "block") {
      const { name, scope, limit, used, reserved } = tight;
      attempt.refusal = { name, scope, used, reserved, requested: tokens, limit };
      this.#emit([refusedRow(this.#rowKey(attempt), attempt.refusal)]);
      return { admitted: false, refusal: attempt.refusal };
    }
    return { admitted: true, reservation: this.#setAside(attempt, tokens) };
  }

  /**
   * Counts what a running request has taken since its last known total. A total that goes back,
   * or that is no whole number, changes nothing.
   * @param total the stream's tokens so far.
   */
  observe(reservation: string, total: number): void {
    const flight = this.#flights.get(reservation);
    if (flight === undefined || !isTokens(total) || total <= flight.total) return;
    this.#emit(debitRows(this.#rowKey(flight.attempt), flight.advance(total)));
  }

  /**
   * Ends a request. A second settlement of the same reservation changes nothing.
   * @param total the request's tokens; null where the answer did not tell: then the estimate
   * counts as spent (or what was observed, if more), marked as estimated, so that nobody passes a
   * cap by hanging up before the usage comes.
   * @param usage the same in token classes, kept with the debit.
   */
  settle(reservation: string, total: number | null, usage?: Usage): void {
    const flight = this.#flights.get(reservation);
    if (flight === undefined) return;
    this.#flights.delete(reservation);
    const isEstimated = total === null || !isTokens(total);
    const advance = flight.land(isEstimated ? flight.estimate : total);
    this.#emit(debitRows(this.#rowKey(flight.attempt), advance, { isEstimated, usage }));
  }

  #setAside(attempt: OpenAttempt, estimate: number): string {
    const reservation = attempt.nextReservation();
    this.#flights.set(reservation, new Flight({ attempt, reservation, estimate }));
    this.#emit([reservedRow(this.#rowKey(attempt), { reservation, tokens: estimate })]);
    return reservation;
  }

  #rowKey({ key }: { readonly key: AttemptFields }): BudgetRowKey {
    return { ...key, basis: this.limits.basis };
  }

  #emit(rows: readonly BudgetEvent[]): void {
    for (const row of rows) this.#onEvent(row);
  }
}

function attemptId({ window, attempt }: AttemptId): string {
  return `${window}.${attempt}`;
}

function isTokens(total: number): boolean {
  return Number.isSafeInteger(total) && total >= 0;
}
