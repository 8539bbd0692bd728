import type {
  BudgetBreached,
  BudgetEvent,
  BudgetUnit,
  BudgetWarned,
} from "../../../ledger/domain/budget-event.ts";
import type { Clock } from "../../../ledger/domain/clock.ts";
import {
  type BudgetAccount,
  type BudgetFigures,
  type Crossing,
  naturalFigures,
  openAccounts,
  openSharedAccounts,
} from "./budget-account.ts";
import {
  type AttemptFields,
  type AttemptId,
  attemptId,
  type BudgetAttempt,
  type BudgetRefusal,
  type Estimate,
  Flight,
  isTokens,
  nanoDollars,
  NOTHING_TAKEN,
  OpenAttempt,
  type Told,
  type TurnId,
  turnId,
  wholeTokens,
} from "./budget-attempt.ts";
import { allowanceOf, type BudgetLimits, SOLO_ROLE, type Work } from "./budget-limits.ts";
import {
  type BudgetRowKey,
  crossingRows,
  debitRows,
  refusedRow,
  reservedRow,
  timeRow,
} from "./budget-rows.ts";
import { type Amounts, NOTHING, UNBOUNDED } from "./budget-unit.ts";
import { findTight, type Fit, fitAllowance, refusalBy } from "./check-room.ts";
import { LargestOutputs } from "./largest-outputs.ts";
import { baseCommand } from "./parse-budget.ts";
import { NOTHING_SPENT, type RequestSpend, type SpendChange, type Spent } from "./spending-fold.ts";

export interface BudgetBookOptions {
  readonly limits: BudgetLimits;
  /** The spending recorded in the ledger (`spentSoFar`), by default nothing. */
  readonly spent?: Spent;
  readonly clock: Clock;
  /** A suffix of every reservation, for several processes that work on windows of the same name. */
  readonly owner?: string;
  /** The requests that other processes have in flight, which are counted as used; by default none. */
  readonly openElsewhere?: () => Iterable<RequestSpend>;
  /** Receives each row of `budgets.jsonl` in order. The book does not wait for it. */
  readonly onEvent: (event: BudgetEvent) => void;
}

/** A row about a budget over all attempts. */
type RecordedCrossing = Pick<BudgetBreached, "scope" | "unit" | "limit" | "basis"> &
  Partial<Pick<BudgetWarned, "threshold_percent">>;

type Reserving =
  | { readonly admitted: true; readonly reservation: string }
  /** Without a refusal, only requests in flight stand in the way: ask again when one of them has ended. */
  | { readonly admitted: false; readonly refusal: BudgetRefusal | null };

/**
 * The arithmetic of budgets: limits, spending, reservations. The book is synchronous and does no input
 * or output, so that nothing can happen between a decision and its reservation. In `block` mode, spent +
 * reserved is within every limit whenever a request is admitted. `warn` refuses nothing.
 */
export class BudgetBook {
  readonly limits: BudgetLimits;
  readonly #options: BudgetBookOptions;
  readonly #shared: readonly BudgetAccount[];
  /** Whether any limit counts minutes. */
  #isTimed: boolean;
  readonly #open = new Map<string, OpenAttempt>();
  /** By turn: its requests so far, since a role may be asked twice in a turn. */
  readonly #requests = new Map<string, number>();
  /** By attempt: the accounts that the turns of its roles share. */
  readonly #shares = new Map<string, readonly BudgetAccount[]>();
  readonly #flights = new Map<string, Flight>();
  /** Windows that have an allowance and no attempt yet. */
  readonly promised = new PromisedWindows();
  /** By window: what its last attempt needed of the period, grains. */
  readonly #needs = new Map<string, Amounts>();
  readonly #outputs = new LargestOutputs();

  constructor(options: BudgetBookOptions) {
    const { limits, spent = NOTHING_SPENT, clock } = options;
    this.#options = options;
    this.limits = limits;
    this.#isTimed = limits.limits.some(({ unit }) => unit === "minutes");
    this.#shared = openSharedAccounts(limits, spent, clock);
    for (const [provider, output] of spent.largestOutputs) this.#outputs.note(provider, { output });
  }

  /** Returns the output to reserve for a request of a provider, which may allow so much (null: does not say). */
  outputToReserve({ provider }: Pick<AttemptFields, "provider">, outputMax: number | null): number {
    return this.#outputs.toReserve(provider, outputMax);
  }

  /** The budgets over all attempts, in grains: overall, then the period. */
  get shared(): readonly BudgetFigures[] {
    return this.#shared;
  }

  /** Returns the open attempts, with their own budgets after the shared ones. */
  openAttempts(): readonly (BudgetAttempt & { readonly accounts: readonly BudgetFigures[] })[] {
    return [...this.#open.values()];
  }

  /** Returns the most that a window may use, grains. */
  allowance(work: Work): Amounts {
    return allowanceOf(this.limits, work);
  }

  /**
   * Checks whether an allowance fits what is left overall or of the period, if the open attempts and
   * the promised windows use all of their allowances. Call it before a window, or before a pair with
   * the sum of its windows. Allowances kept for begun pairs count only against a new pair: two begun
   * pairs that waited for each other's allowance would wait for ever.
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

  /** Returns what the last attempt at a window needed of the period that refused it, grains. */
  needOf(window: string): Amounts | null {
    return this.#needs.get(window) ?? null;
  }

  /** Records that a window did not fit and was not started. */
  refuseWindow(key: AttemptFields, refusal: BudgetRefusal): void {
    this.#emit([refusedRow(this.#rowKey({ key }), refusal)]);
  }

  /** Whether any limit counts minutes, so that time has to be watched. */
  get isTimed(): boolean {
    return this.#isTimed;
  }

  /**
   * Opens an attempt, or a turn of a role in one. Its own limits start at the spending that the ledger has
   * for it, usually none. The turns of an attempt share the limits of their window, and those of one role
   * the role's.
   */
  openAttempt({ key, ...work }: WorkOfOne & { readonly key: AttemptFields }): BudgetAttempt {
    const { command, role = SOLO_ROLE, roleCap = UNBOUNDED, windowCap, isOpenEnded = false } = work;
    const isTurn = key.turn !== undefined;
    const before = this.#before(key);
    const known = baseCommand(command);
    const limits = { command: known, role, roleCap, windowCap };
    const opened = openAccounts(this.limits, limits, before.sums);
    const own = isTurn ? this.#share(key, opened) : opened;
    this.#isTimed ||= own.some(({ unit, limit }) => unit === "minutes" && limit !== null);
    const attempt = new OpenAttempt({
      key,
      command: known,
      role,
      isOpenEnded,
      allowance: this.allowance(work),
      accounts: [...this.#sharedIn("overall"), ...own, ...this.#sharedIn("period")],
      requestsBefore: before.requests,
      openedMs: this.#options.clock.monotonicMs(),
    });
    this.#open.set(turnId(key), attempt);
    this.promised.release(key.window);
    return attempt;
  }

  /** Returns what the ledger has of an attempt, and of a turn only the number of its requests. */
  #before(key: TurnId): { readonly sums: typeof NOTHING; readonly requests: number } {
    const requests = this.#requests.get(turnId(key)) ?? 0;
    const nothing = { sums: NOTHING, requests };
    if (key.turn !== undefined) return nothing;
    return this.#options.spent?.attempts.get(attemptId(key)) ?? nothing;
  }

  /** Returns the accounts that earlier turns have opened for the same limits, and new ones for the others. */
  #share(key: AttemptId, opened: readonly BudgetAccount[]): readonly BudgetAccount[] {
    const known = this.#shares.get(attemptId(key)) ?? [];
    const own = opened.map((account) => known.find((one) => isSameLimit(one, account)) ?? account);
    this.#shares.set(attemptId(key), [...new Set([...known, ...own])]);
    return own;
  }

  /** Returns the open attempt with this window and number, if any. */
  findAttempt(key: TurnId): BudgetAttempt | undefined {
    return this.#open.get(turnId(key));
  }

  /**
   * Ends an attempt or a turn: debits its time and frees its allowance. Requests in flight are still settled.
   * What a turn leaves of its window's allowance is kept for the next one.
   */
  closeAttempt(key: TurnId): void {
    const attempt = this.#open.get(turnId(key));
    if (attempt === undefined) return;
    this.#tick(attempt);
    this.#emit([timeRow(this.#rowKey(attempt), attempt)]);
    const need = attempt.needOfPeriod();
    if (need !== null) this.#needs.set(key.window, need);
    this.#open.delete(turnId(key));
    if (key.turn !== undefined) this.#requests.set(turnId(key), attempt.requests);
    if (key.turn !== undefined) this.promised.promise(key.window, attempt.leftOfWindow());
  }

  /** Ends an attempt of a team, whose turns are closed: nothing is kept for another one. */
  closeTeam(key: AttemptId): void {
    this.#shares.delete(attemptId(key));
    this.promised.release(key.window);
  }

  /**
   * Reserves the estimate of a request, refuses it, or lets it wait for requests in flight. Settled
   * spending decides on a refusal. It holds for every later request of the attempt, even if room becomes
   * free. Only an open-ended attempt asks again when the period has room. Tokens below 1 count as 1.
   */
  reserve(key: TurnId, estimate: Estimate): Reserving {
    const attempt = this.#open.get(turnId(key));
    if (attempt === undefined) {
      throw new Error(`No attempt ${turnId(key)} is open in the budget book.`);
    }
    this.#tickAll();
    if (attempt.refusal !== null && !this.#hasPassed(attempt.refusal)) {
      return { admitted: false, refusal: attempt.refusal };
    }
    attempt.refusal = null;
    const taken = { tokens: wholeTokens(estimate.tokens), usd: nanoDollars(estimate.usd) };
    const tight = findTight(attempt.accounts, taken);
    if (tight === undefined || this.limits.mode !== "block") {
      const reservation = attempt.nextReservation(this.#options.owner);
      this.#flights.set(reservation, new Flight(attempt, reservation, taken));
      this.#emit([reservedRow(this.#rowKey(attempt), { reservation, estimate: taken })]);
      return { admitted: true, reservation };
    }
    const lasting = findTight(attempt.accounts, taken, (account) => this.#inFlight(account));
    if (lasting === undefined) return { admitted: false, refusal: null };
    const refusal = this.#refuse(attempt, refusalBy(lasting, taken, estimate.model));
    return { admitted: false, refusal };
  }

  /**
   * Checks whether an attempt has used up its time, and refuses its requests from then on. Call it while
   * the attempt runs, because time also passes for an agent that sends no requests.
   */
  checkTime(key: TurnId): BudgetRefusal | null {
    const attempt = this.#open.get(turnId(key));
    if (attempt === undefined) return null;
    this.#tickAll();
    const timed = attempt.accounts.filter(({ unit }) => unit === "minutes");
    const spent = findTight(timed, NOTHING_TAKEN);
    if (spent === undefined || this.limits.mode !== "block") return null;
    const lasting = attempt.refusal?.isPassing === true ? null : attempt.refusal;
    return lasting ?? this.#refuse(attempt, refusalBy(spent, NOTHING_TAKEN));
  }

  /**
   * Counts what a running request has used since its last known total. A total that decreases or is not
   * a whole number changes nothing.
   */
  observe(reservation: string, { tokens, usd }: Estimate): void {
    const flight = this.#flights.get(reservation);
    if (flight === undefined || !isTokens(tokens) || tokens <= flight.total.tokens) return;
    const advance = flight.advance({ tokens, usd: nanoDollars(usd) });
    this.#emit(debitRows(this.#rowKey(flight.attempt), advance));
  }

  /**
   * Checks whether a running request passes a limit with the usage that it shows so far, added to the
   * spending and to the usage of other running requests. If so, the attempt is refused from then on.
   * Nothing is debited, because a stream grows token by token and is settled at its end.
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
   * Ends a request. A second settlement of the same reservation changes nothing. If the answer does not
   * state its tokens or dollars, the estimate counts as spent (or the observed usage, if more), so that
   * no client passes a cap by hanging up before the usage arrives.
   */
  settle(reservation: string, told: Told): void {
    const flight = this.#flights.get(reservation);
    if (flight === undefined) return;
    this.#flights.delete(reservation);
    this.#outputs.note(flight.attempt.key.provider, told);
    const { advance, remarks } = flight.landAsTold(told);
    this.#emit(debitRows(this.#rowKey(flight.attempt), advance, remarks));
  }

  /**
   * Counts what another process spends: always in the period, and overall if it works on the same
   * experiment or shares its overall budget. The book also warns about thresholds that this reaches, under the key of the spender.
   * It ignores the minutes of an attempt that is also open here, because they are counted already.
   */
  absorb(change: SpendChange, key: AttemptFields): void {
    if (change.isOwn) this.#outputs.note(key.provider, { output: change.is?.output });
    const isOpen = [...this.#open.values()].some((one) => attemptId(one.key) === attemptId(key));
    const isTimed = change.isOwn && !isOpen;
    const absorbed = isTimed ? change : { ...change, minutes: 0 };
    for (const account of change.isOverall ? this.#shared : this.#sharedIn("period")) {
      this.#emitCrossing(key, account.absorb(absorbed));
    }
  }

  /** Keeps the book from repeating a warning or breach that another process has recorded for the same limit. */
  hear({
    scope,
    unit = "tokens",
    limit,
    basis,
    threshold_percent: percent,
  }: RecordedCrossing): void {
    const isSame = (account: BudgetFigures) =>
      account.unit === unit && naturalFigures(account).limit === limit;
    if (basis !== this.limits.basis) return;
    for (const account of this.#shared) {
      if (account.scope === scope && isSame(account)) account.hear(percent ?? null);
    }
  }

  #hasPassed({ isPassing, freesAtMs }: BudgetRefusal): boolean {
    return isPassing === true && (freesAtMs ?? 0) <= this.#options.clock.nowMs();
  }

  #refuse(attempt: OpenAttempt, by: BudgetRefusal): BudgetRefusal {
    const canPass = attempt.isOpenEnded && by.scope === "period" && by.unpricedModel === undefined;
    const refusal = canPass ? { ...by, isPassing: true } : by;
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

  /** Returns the reservations here and of other processes, grains. Their requests count in shared budgets only. */
  #inFlight({ scope, unit, reserved }: BudgetAccount): number {
    if (unit === "minutes" || (scope !== "overall" && scope !== "period")) return reserved;
    const { openElsewhere = () => [] } = this.#options;
    return [...openElsewhere()]
      .filter(({ isOverall }) => scope === "period" || isOverall)
      .reduce((sum, request) => sum + request[unit], reserved);
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
    for (const crossing of attempt.tick(this.#options.clock.monotonicMs())) {
      this.#emitCrossing(attempt.key, crossing);
    }
  }

  #emitCrossing(key: AttemptFields, crossing: Crossing): void {
    this.#emit(crossingRows(this.#rowKey({ key }))(crossing));
  }

  #rowKey({ key }: { readonly key: AttemptFields }): BudgetRowKey {
    return { ...key, basis: this.limits.basis };
  }

  #emit(rows: readonly BudgetEvent[]): void {
    for (const row of rows) this.#options.onEvent(row);
  }
}

/** Work that one agent does, for one command. */
type WorkOfOne = Work & Required<Pick<Work, "command">>;

function isSameLimit(one: BudgetFigures, other: BudgetFigures): boolean {
  return one.scope === other.scope && one.name === other.name && one.unit === other.unit;
}

/**
 * Allowances of windows that have no attempt yet and that no other window may use: windows that were
 * allowed to start, while their workspace is created, and later windows of a pair that has begun.
 */
export class PromisedWindows {
  readonly #starting = new Map<string, Amounts>();
  readonly #later = new Map<string, Amounts>();

  /** Promises an allowance to a window that starts now, until `release`. */
  promise(window: string, allowance: Amounts): void {
    this.#later.delete(window);
    this.#starting.set(window, allowance);
  }

  release(window: string): void {
    this.#starting.delete(window);
  }

  /** Keeps an allowance for a later window of a begun pair, until it starts or the pair is given up. */
  keep(window: string, allowance: Amounts): void {
    this.#later.set(window, allowance);
  }

  isKept(window: string): boolean {
    return this.#later.has(window);
  }

  giveUp(window: string): void {
    this.#starting.delete(window);
    this.#later.delete(window);
  }

  /** Returns the allowances of starting windows, grains. */
  starting(unit: BudgetUnit): number {
    return sumOf(this.#starting, unit);
  }

  /** Returns the allowances kept for later windows, grains. */
  kept(unit: BudgetUnit): number {
    return sumOf(this.#later, unit);
  }
}

function sumOf(allowances: ReadonlyMap<string, Amounts>, unit: BudgetUnit): number {
  return allowances.values().reduce((sum, amounts) => sum + (amounts[unit] ?? 0), 0);
}
