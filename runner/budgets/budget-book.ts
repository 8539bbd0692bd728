import type { BudgetEvent } from "../../ledger/domain/budget-event.ts";
import type { Clock } from "../../ledger/domain/clock.ts";
import { baseCommand } from "./base-command.ts";
import type { BudgetAccount, BudgetFigures, Crossing } from "./budget-account.ts";
import {
  type AttemptFields,
  type AttemptId,
  attemptId,
  type BudgetAttempt,
  type BudgetRefusal,
  OpenAttempt,
} from "./budget-attempt.ts";
import { allowanceOf, type BudgetLimits } from "./budget-limits.ts";
import {
  type Estimate,
  isTokens,
  nanoDollars,
  type Reserving,
  SOLO_ROLE,
  type Told,
  wholeTokens,
  type Work,
} from "./budget-request.ts";
import {
  type BudgetRowKey,
  crossingRows,
  debitRows,
  refusedRow,
  reservedRow,
  timeRow,
} from "./budget-rows.ts";
import { type Amounts, NOTHING } from "./budget-unit.ts";
import { findTight, refusalBy } from "./find-tight.ts";
import { type Fit, fitAllowance } from "./fit-allowance.ts";
import { Flight, NOTHING_TAKEN } from "./flight.ts";
import { openAccounts, openSharedAccounts } from "./open-accounts.ts";
import { PromisedWindows } from "./promised-windows.ts";
import type { SpendChange } from "./spending-fold.ts";
import { NOTHING_SPENT, type Spent } from "./spent-so-far.ts";

export interface BudgetBookOptions {
  readonly limits: BudgetLimits;
  /** What the ledger knows to be spent (`spentSoFar`); by default nothing. */
  readonly spent?: Spent;
  readonly clock: Clock;
  /** Told in every reservation, where several processes may work on windows of one name; by default nothing. */
  readonly owner?: string;
  /** Takes each row of `budgets.jsonl`, in order; not awaited. */
  readonly onEvent: (event: BudgetEvent) => void;
}

/**
 * The arithmetic of budgets: limits, what is spent, what is set aside. Without input or output and
 * synchronous, so that nothing can happen between a decision and its reservation. In `block` mode
 * spent + reserved is within every limit whenever a request is admitted; `warn` refuses nothing.
 */
export class BudgetBook {
  readonly limits: BudgetLimits;
  readonly #clock: Clock;
  readonly #owner: string | null;
  readonly #spent: Spent;
  readonly #shared: readonly BudgetAccount[];
  /** Whether any limit is of minutes. */
  readonly #isTimed: boolean;
  readonly #onEvent: (event: BudgetEvent) => void;
  readonly #open = new Map<string, OpenAttempt>();
  readonly #flights = new Map<string, Flight>();
  /** Windows that are spoken for, and have no attempt yet. */
  readonly promised = new PromisedWindows();
  /** By window, what its last attempt would have needed of the period, grains. */
  readonly #needs = new Map<string, Amounts>();

  constructor({ limits, spent = NOTHING_SPENT, clock, owner, onEvent }: BudgetBookOptions) {
    this.#owner = owner ?? null;
    this.limits = limits;
    this.#clock = clock;
    this.#spent = spent;
    this.#onEvent = onEvent;
    this.#isTimed = limits.limits.some(({ unit }) => unit === "minutes");
    this.#shared = openSharedAccounts({ limits, spent, clock });
  }

  /** The budgets over all attempts: overall, then the period's, in grains. */
  get shared(): readonly BudgetFigures[] {
    return this.#shared;
  }

  /** Attempts that are open, with their own budgets after the shared ones. */
  openAttempts(): readonly (BudgetAttempt & { readonly accounts: readonly BudgetFigures[] })[] {
    return [...this.#open.values()];
  }

  /** The most that a window may take, grains. */
  allowance(work: Work): Amounts {
    return allowanceOf(this.limits, work);
  }

  /**
   * Whether an allowance fits what is left overall, or of the period, once the open attempts and
   * the promised windows have taken all of theirs; asked before a window, or with the sum of its
   * windows' before a pair. What is kept for pairs that have begun counts against a new pair alone:
   * two of them that wait for what is kept for the other would wait for ever.
   */
  fits(allowance: Amounts, asker: "pair" | "begun" | "period" = "pair"): Fit {
    this.#tickAll();
    for (const account of this.#sharedIn(asker === "period" ? "period" : "overall")) {
      const { unit } = account;
      const kept = asker === "pair" ? this.promised.kept(unit) : 0;
      const outstanding = this.#outstanding(account) + kept;
      const fit = fitAllowance(allowance[unit], { mode: this.limits.mode, account, outstanding });
      if (!fit.fits) return fit;
    }
    return { fits: true };
  }

  /** What the last attempt at a window would have needed of the period that refused it; grains. */
  needOf(window: string): Amounts | null {
    return this.#needs.get(window) ?? null;
  }

  /** Records that a window did not fit and was not started. */
  refuseWindow(key: AttemptFields, refusal: BudgetRefusal): void {
    this.#emit([refusedRow(this.#rowKey({ key }), refusal)]);
  }

  /** Opens an attempt; its own limits start at what the ledger knows of it, most often nothing. */
  openAttempt({ key, ...work }: Work & { readonly key: AttemptFields }): BudgetAttempt {
    const { command, role = SOLO_ROLE, windowCap } = work;
    const before = this.#spent.attempts.get(attemptId(key));
    const own = openAccounts({
      limits: this.limits,
      work: { command: baseCommand(command), role, windowCap },
      used: before?.sums ?? NOTHING,
    });
    const attempt = new OpenAttempt({
      key,
      command: baseCommand(command),
      role,
      allowance: this.allowance(work),
      accounts: [...this.#sharedIn("overall"), ...own, ...this.#sharedIn("period")],
      requestsBefore: before?.requests ?? 0,
      openedMs: this.#clock.monotonicMs(),
    });
    this.#open.set(attemptId(key), attempt);
    this.promised.release(key.window);
    return attempt;
  }

  /** The open attempt with this window and number, if there is one. */
  findAttempt(key: AttemptId): BudgetAttempt | undefined {
    return this.#open.get(attemptId(key));
  }

  /** Ends an attempt: its time is debited, its allowance free. What is in flight is still settled. */
  closeAttempt(key: AttemptId): void {
    const attempt = this.#open.get(attemptId(key));
    if (attempt === undefined) return;
    this.#tick(attempt);
    this.#emit([timeRow(this.#rowKey(attempt), attempt)]);
    const need = attempt.needOfPeriod();
    if (need !== null) this.#needs.set(key.window, need);
    this.#open.delete(attemptId(key));
  }

  /**
   * Sets an estimate aside for a request, or refuses it: then, and from then on for every request
   * of the attempt, also where room should come free. Tokens below 1 count as 1.
   */
  reserve(key: AttemptId, estimate: Estimate): Reserving {
    const attempt = this.#open.get(attemptId(key));
    if (attempt === undefined) {
      throw new Error(`No attempt ${attemptId(key)} is open in the budget book.`);
    }
    this.#tickAll();
    if (attempt.refusal !== null) return { admitted: false, refusal: attempt.refusal };
    const taken = { tokens: wholeTokens(estimate.tokens), usd: nanoDollars(estimate.usd) };
    const tight = findTight(attempt.accounts, taken);
    if (tight === undefined || this.limits.mode !== "block") {
      const reservation = attempt.nextReservation(this.#owner);
      this.#flights.set(reservation, new Flight({ attempt, reservation, estimate: taken }));
      this.#emit([reservedRow(this.#rowKey(attempt), { reservation, estimate: taken })]);
      return { admitted: true, reservation };
    }
    const refusal = this.#refuse(attempt, refusalBy(tight, taken, estimate.model));
    return { admitted: false, refusal };
  }

  /**
   * Whether an attempt has used up its time: then it is refused from here on. Asked while it runs,
   * since an agent that asks no model is on the clock too.
   */
  checkTime(key: AttemptId): BudgetRefusal | null {
    const attempt = this.#open.get(attemptId(key));
    if (attempt === undefined) return null;
    this.#tickAll();
    const timed = attempt.accounts.filter(({ unit }) => unit === "minutes");
    const spent = findTight(timed, NOTHING_TAKEN);
    if (spent === undefined || this.limits.mode !== "block") return null;
    return attempt.refusal ?? this.#refuse(attempt, refusalBy(spent, NOTHING_TAKEN));
  }

  /**
   * Counts what a running request has taken since its last known total. A total that goes back,
   * or that is no whole number, changes nothing.
   */
  observe(reservation: string, { tokens, usd }: Estimate): void {
    const flight = this.#flights.get(reservation);
    if (flight === undefined || !isTokens(tokens) || tokens <= flight.total.tokens) return;
    const advance = flight.advance({ tokens, usd: nanoDollars(usd) });
    this.#emit(debitRows(this.#rowKey(flight.attempt), advance));
  }

  /**
   * Whether a running request passes a limit with what it shows to have taken so far, together with
   * what is spent and what other running ones show; then its attempt is refused from here on.
   * Nothing is debited: a stream grows by the token, and is settled when it ends.
   */
  glimpse(reservation: string, { tokens, usd }: Estimate): BudgetRefusal | null {
    const flight = this.#flights.get(reservation);
    if (flight === undefined || !isTokens(tokens) || this.limits.mode !== "block") return null;
    flight.see({ tokens, usd: nanoDollars(usd) });
    const { attempt, estimate } = flight;
    const passed = attempt.accounts.find(
      (account) => account.used + this.#unsettled(account) > (account.limit ?? Infinity),
    );
    if (passed === undefined) return null;
    return attempt.refusal ?? this.#refuse(attempt, refusalBy(passed, estimate));
  }

  /**
   * Ends a request. A second settlement of the same reservation changes nothing. Where the answer
   * did not tell its tokens or its dollars, the estimate counts as spent (or what was observed, if
   * more), so that nobody passes a cap by hanging up before the usage comes.
   */
  settle(reservation: string, told: Told): void {
    const flight = this.#flights.get(reservation);
    if (flight === undefined) return;
    this.#flights.delete(reservation);
    const { advance, remarks } = flight.landAsTold(told);
    this.#emit(debitRows(this.#rowKey(flight.attempt), advance, remarks));
  }

  /**
   * Takes in what another process spends: overall where it is of the same experiment, of the period
   * always. What that reaches first is warned of here too, under the key of who took it. The minutes
   * of an attempt that is open here as well are counted here already.
   */
  absorb(change: SpendChange, key: AttemptFields): void {
    const isCounted = change.isOwn && this.#open.has(attemptId(key));
    const absorbed = isCounted ? { ...change, minutes: 0 } : change;
    for (const account of change.isOwn ? this.#shared : this.#sharedIn("period")) {
      this.#emitCrossing(key, account, account.absorb(absorbed));
    }
  }

  #refuse(attempt: OpenAttempt, refusal: BudgetRefusal): BudgetRefusal {
    attempt.refusal = refusal;
    this.#emit([refusedRow(this.#rowKey(attempt), refusal)]);
    return refusal;
  }

  #sharedIn(scope: "overall" | "period"): readonly BudgetAccount[] {
    return this.#shared.filter((account) => account.scope === scope);
  }

  #outstanding({ unit }: BudgetFigures): number {
    const open = [...this.#open.values()];
    return open.reduce((sum, one) => sum + one.outstanding(unit), this.promised.starting(unit));
  }

  #unsettled(account: BudgetFigures): number {
    return [...this.#flights.values()]
      .filter(({ attempt }) => attempt.accounts.some((own) => own === account))
      .reduce((sum, flight) => sum + flight.undebited(account.unit), 0);
  }

  #tickAll(): void {
    if (!this.#isTimed) return;
    for (const attempt of this.#open.values()) this.#tick(attempt);
  }

  #tick(attempt: OpenAttempt): void {
    for (const { account, crossing } of attempt.tick(this.#clock.monotonicMs())) {
      this.#emitCrossing(attempt.key, account, crossing);
    }
  }

  #emitCrossing(key: AttemptFields, account: BudgetAccount, crossing: Crossing): void {
    this.#emit(crossingRows(this.#rowKey({ key }))(Object.assign(account.figures(), crossing)));
  }

  #rowKey({ key }: { readonly key: AttemptFields }): BudgetRowKey {
    return { ...key, basis: this.limits.basis };
  }

  #emit(rows: readonly BudgetEvent[]): void {
    for (const row of rows) this.#onEvent(row);
  }
}
