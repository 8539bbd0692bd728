import { BudgetDebited, BudgetReserved } from "../../../ledger/domain/budget-event.ts";
import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { type TokenBasis, tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { PriceBook } from "../prices/price-book.ts";
import { NOTHING, perUnit, toGrains } from "./budget-unit.ts";

interface Reading {
  readonly experimentId: string;
  readonly basis: TokenBasis;
  /** Converts debits to an amended basis, and prices rows without dollars. */
  readonly pricing?: Pick<PriceBook, "billableTokens" | "dollars">;
  /** Whether the overall budget also counts a row of another experiment; by default it counts none. */
  readonly isOverall?: ((row: AnyRow) => boolean) | undefined;
}

/** The usage of a request according to its rows: tokens of the basis, nano-dollars, and the time of the row. */
export interface RequestSpend {
  readonly experimentId: string;
  readonly provider: string;
  /** The process that has it in flight, if that is known. */
  readonly by?: string | undefined;
  /** Output tokens that the answer stated; absent if it stated none. */
  readonly output?: number | undefined;
  /** Whether it counts in the overall budget. */
  readonly isOverall: boolean;
  /** E.g. `W0-01.1`. */
  readonly attempt: string;
  readonly tokens: number;
  readonly usd: number;
  readonly atMs: number;
}

/** The change that a row makes. */
export interface SpendChange {
  /** Whether the row belongs to the fold's own experiment. */
  readonly isOwn: boolean;
  /** Whether it counts in the overall budget. */
  readonly isOverall: boolean;
  /** The request's usage before the row; null if it had none. */
  readonly was: RequestSpend | null;
  /** The request's usage now; null if the row belongs to no request. */
  readonly is: RequestSpend | null;
  /** Whether this is the last row of the request. */
  readonly isFinal: boolean;
  /** The time that the row adds to its attempt, milliseconds. */
  readonly minutes: number;
}

type AnyRow = Readonly<Record<string, unknown>>;

/**
 * Reads rows of `budgets.jsonl` one by one, oldest first. A request counts with its reservation until it
 * is settled, or for ever if a crash prevented that. An attempt counts with the time that its rows span
 * until its own time is written. If the basis was amended, debits are converted by their token classes.
 * A debit without token classes counts as recorded.
 */
export class SpendingFold {
  readonly experimentId: string;
  readonly #reading: Reading;
  readonly #unsettled = new Map<string, RequestSpend>();
  readonly #times = new Map<string, AttemptTime>();
  readonly #ids = new Set<string>();

  constructor(reading: Reading) {
    this.experimentId = reading.experimentId;
    this.#reading = reading;
  }

  /** Reads a row. If several rows have the same id, only the first counts. */
  see(row: AnyRow): SpendChange {
    const experimentId = String(row["experiment_id"]);
    const isOwn = experimentId === this.experimentId;
    if (this.#isTwin(row)) return { isOwn, isOverall: isOwn, ...NO_REQUEST, minutes: 0 };
    const change = this.#seeRequest(row);
    const isOverall = change.is?.isOverall ?? isOwn;
    return { isOwn, isOverall, ...change, minutes: this.#seeTime(row, experimentId) };
  }

  /** Returns the requests that count with their reservation. */
  unsettled(): Iterable<RequestSpend> {
    return this.#unsettled.values();
  }

  /** Returns the experiment's attempts with their time, milliseconds. */
  times(): readonly (readonly [string, number])[] {
    const prefix = `${this.experimentId} `;
    return [...this.#times]
      .filter(([id]) => id.startsWith(prefix))
      .map(([id, time]) => [id.slice(prefix.length), lengthOf(time)]);
  }

  /** A row that comes directly from a book has no id yet. */
  #isTwin({ id }: AnyRow): boolean {
    if (typeof id !== "string") return false;
    if (this.#ids.has(id)) return true;
    this.#ids.add(id);
    return false;
  }

  #seeRequest(row: AnyRow): Pick<SpendChange, "was" | "is" | "isFinal"> {
    const id = idOf(row);
    const was = this.#unsettled.get(id) ?? null;
    if (row["record"] === "budget_reserved") {
      return this.#keep(id, was, takenBy(BudgetReserved.parse(row), row, this.#isOverall(row)));
    }
    if (row["record"] !== "budget_debited" || row["unit"] === "minutes") return NO_REQUEST;
    const debit = BudgetDebited.parse(row);
    if (!debit.is_final) return was === null ? NO_REQUEST : this.#keep(id, was, larger(was, debit));
    this.#unsettled.delete(id);
    const isOverall = was?.isOverall ?? this.#isOverall(row);
    return { was, is: { ...settledBy(debit, row, this.#reading), isOverall }, isFinal: true };
  }

  #isOverall(row: AnyRow): boolean {
    return row["experiment_id"] === this.experimentId || this.#reading.isOverall?.(row) === true;
  }

  #keep(id: string, was: RequestSpend | null, is: RequestSpend) {
    this.#unsettled.set(id, is);
    return { was, is, isFinal: false };
  }

  #seeTime(row: AnyRow, experimentId: string): number {
    const id = `${experimentId} ${attemptOf(row)}`;
    const atMs = momentOf(row);
    const before = this.#times.get(id) ?? { firstMs: atMs, lastMs: atMs, toldMs: null };
    const after = { ...before, lastMs: Math.max(before.lastMs, atMs) };
    if (row["unit"] === "minutes" && row["record"] === "budget_debited") {
      const told = toGrains("minutes", BudgetDebited.parse(row).minutes ?? 0);
      after.toldMs = (before.toldMs ?? 0) + told;
    }
    this.#times.set(id, after);
    return lengthOf(after) - lengthOf(before);
  }
}

const NO_REQUEST = { was: null, is: null, isFinal: false } as const;

/** The written time of an attempt, or otherwise the time that its rows span. */
interface AttemptTime {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly toldMs: number | null;
}

function lengthOf({ firstMs, lastMs, toldMs }: AttemptTime): number {
  return toldMs ?? lastMs - firstMs;
}

function takenBy(reserved: BudgetReserved, row: AnyRow, isOverall: boolean): RequestSpend {
  return {
    isOverall,
    experimentId: reserved.experiment_id,
    provider: reserved.provider,
    by: typeof row["by"] === "string" ? row["by"] : undefined,
    attempt: attemptOf(row),
    tokens: reserved.tokens,
    usd: toGrains("usd", reserved.usd ?? 0),
    atMs: momentOf(row),
  };
}

function larger(reserved: RequestSpend, { total, total_usd }: BudgetDebited): RequestSpend {
  return {
    ...reserved,
    tokens: Math.max(reserved.tokens, total),
    usd: Math.max(reserved.usd, toGrains("usd", total_usd ?? 0)),
  };
}

function settledBy(debit: BudgetDebited, row: AnyRow, reading: Reading) {
  const atMs = momentOf(row);
  const { usage, model = null } = debit;
  const told = usage === undefined ? null : (reading.pricing?.dollars(model, usage, atMs) ?? null);
  return {
    experimentId: debit.experiment_id,
    provider: debit.provider,
    output: usage?.output,
    attempt: attemptOf(row),
    tokens: totalIn(debit, reading, atMs),
    usd: toGrains("usd", debit.total_usd ?? told ?? 0),
    atMs,
  };
}

function totalIn(debit: BudgetDebited, { basis, pricing }: Reading, atMs: number): number {
  const { usage, model = null } = debit;
  if (debit.basis === basis || usage === undefined) return debit.total;
  const billable =
    basis === "billable" ? (pricing?.billableTokens(model, usage, atMs) ?? null) : null;
  const told = billable ?? tokensIn(basis, usage);
  return debit.is_estimated === true ? Math.max(debit.total, told) : told;
}

/** Ids of reservations are unique within an experiment. */
function idOf(row: AnyRow): string {
  return `${String(row["experiment_id"])} ${String(row["reservation"])}`;
}

function attemptOf(row: AnyRow): string {
  return `${String(row["window"])}.${String(row["attempt"])}`;
}

/** A row that comes directly from a book has no time yet. */
function momentOf({ recorded_at: at }: AnyRow): number {
  return typeof at === "string" ? epochMsOf(at) : 0;
}

/** Tokens of the basis, nano-dollars and milliseconds. */
type Sums = typeof NOTHING;

/** The spending recorded in the ledger, from which another session's book starts; grains. */
export interface Spent {
  /** For the experiment. */
  readonly overall: Sums;
  /** For the experiment, by attempt (`W0-01.1`), with the number of requests. */
  readonly attempts: ReadonlyMap<string, { readonly sums: Sums; readonly requests: number }>;
  /** For the whole ledger, by request, with the time (epoch ms) of the row. */
  readonly requests: readonly (Pick<Sums, "tokens" | "usd"> & { readonly atMs: number })[];
  /** For the experiment, by provider: its largest answer, output tokens. */
  readonly largestOutputs: ReadonlyMap<string, number>;
}

export const NOTHING_SPENT: Spent = {
  overall: NOTHING,
  attempts: new Map(),
  requests: [],
  largestOutputs: new Map(),
};

/** Adds up the rows of `budgets.jsonl`, oldest first. The fold can then continue with later rows. */
export function spentSoFar(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  fold: SpendingFold,
): Spent {
  const settled: RequestSpend[] = [];
  for (const row of rows) {
    const { is, isFinal } = fold.see(row);
    if (isFinal && is !== null) settled.push(is);
  }
  return sumUp([...settled, ...fold.unsettled()], fold);
}

function sumUp(taken: readonly RequestSpend[], fold: SpendingFold): Spent {
  const attempts = new Map<string, { sums: Sums; requests: number }>();
  const largestOutputs = new Map<string, number>();
  const of = (attempt: string) => attempts.get(attempt) ?? { sums: NOTHING, requests: 0 };
  for (const { experimentId, attempt, provider, output, tokens, usd } of taken) {
    if (experimentId !== fold.experimentId) continue;
    const largest = Math.max(output ?? 0, largestOutputs.get(provider) ?? 0);
    if (largest > 0) largestOutputs.set(provider, largest);
    const { sums, requests } = of(attempt);
    const added = { ...sums, tokens: sums.tokens + tokens, usd: sums.usd + usd };
    attempts.set(attempt, { sums: added, requests: requests + 1 });
  }
  for (const [attempt, minutes] of fold.times()) {
    const { sums, requests } = of(attempt);
    attempts.set(attempt, { sums: { ...sums, minutes }, requests });
  }
  const others = taken.filter((one) => one.isOverall && one.experimentId !== fold.experimentId);
  const overall = perUnit((unit) => {
    const own = attempts.values().reduce((sum, { sums }) => sum + sums[unit], 0);
    return others.reduce((sum, one) => sum + (unit === "minutes" ? 0 : one[unit]), own);
  });
  const requests = taken.map(({ tokens, usd, atMs }) => ({ tokens, usd, atMs }));
  return { overall, attempts, requests, largestOutputs };
}
