import { BudgetDebited, BudgetReserved } from "../../ledger/domain/budget-event.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { type TokenBasis, tokensIn } from "../../ledger/domain/token-basis.ts";
import { NOTHING, toGrains } from "./budget-unit.ts";
import type { Pricing } from "./pricing.ts";

/** Tokens of the basis, nano-dollars and milliseconds. */
type Sums = typeof NOTHING;

/** What the ledger knows to be spent: what a further session's book starts from; grains. */
export interface Spent {
  /** Of the experiment. */
  readonly overall: Sums;
  /** Of the experiment, by `W0-01.1`, with the number of its requests. */
  readonly attempts: ReadonlyMap<string, { readonly sums: Sums; readonly requests: number }>;
  /** Of the whole ledger, request by request, with the moment (epoch ms) at which each was known. */
  readonly requests: readonly (Pick<Sums, "tokens" | "usd"> & { readonly atMs: number })[];
}

export const NOTHING_SPENT: Spent = { overall: NOTHING, attempts: new Map(), requests: [] };

interface Reading {
  readonly experimentId: string;
  readonly basis: TokenBasis;
  /** Reads debits in an amended basis, and dollars of rows that have none. */
  readonly pricing?: Pick<Pricing, "billableTokens" | "dollars">;
}

interface Taken {
  readonly experimentId: string;
  readonly attempt: string;
  readonly tokens: number;
  readonly usd: number;
  readonly atMs: number;
}

/**
 * Folds the rows of `budgets.jsonl`, oldest first. A request that a crash left unsettled counts
 * with its reservation, an attempt that it left open with the time that its rows span. Where the
 * basis was amended, debits are read in the new one by their token classes; one without them counts
 * as it was recorded.
 */
export function spentSoFar(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  reading: Reading,
): Spent {
  const unsettled = new Map<string, Taken>();
  const settled: Taken[] = [];
  const times = new AttemptTimes();
  for (const row of rows) {
    times.see(row);
    if (row["record"] === "budget_reserved") {
      const taken = takenBy(BudgetReserved.parse(row), row);
      unsettled.set(idOf(row), taken);
    } else if (row["record"] === "budget_debited" && row["unit"] !== "minutes") {
      const debit = BudgetDebited.parse(row);
      const reserved = unsettled.get(idOf(row));
      if (debit.is_final) {
        unsettled.delete(idOf(row));
        settled.push(settledBy(debit, row, reading));
      } else if (reserved !== undefined) {
        unsettled.set(idOf(row), larger(reserved, debit));
      }
    }
  }
  return sumUp([...settled, ...unsettled.values()], times, reading.experimentId);
}

function sumUp(taken: readonly Taken[], times: AttemptTimes, experimentId: string): Spent {
  const attempts = new Map<string, { sums: Sums; requests: number }>();
  const own = taken.filter((one) => one.experimentId === experimentId);
  for (const { attempt, tokens, usd } of own) {
    const { sums, requests } = attempts.get(attempt) ?? { sums: NOTHING, requests: 0 };
    const added = { ...sums, tokens: sums.tokens + tokens, usd: sums.usd + usd };
    attempts.set(attempt, { sums: added, requests: requests + 1 });
  }
  for (const [attempt, minutes] of times.of(experimentId)) {
    const { sums, requests } = attempts.get(attempt) ?? { sums: NOTHING, requests: 0 };
    attempts.set(attempt, { sums: { ...sums, minutes }, requests });
  }
  const overall = attempts.values().reduce<Sums>(
    (sum, { sums }) => ({
      tokens: sum.tokens + sums.tokens,
      usd: sum.usd + sums.usd,
      minutes: sum.minutes + sums.minutes,
    }),
    NOTHING,
  );
  const requests = taken.map(({ tokens, usd, atMs }) => ({ tokens, usd, atMs }));
  return { overall, attempts, requests };
}

/** What attempts took of the clock: what was written at their end, or else what their rows span. */
class AttemptTimes {
  readonly #told = new Map<string, number>();
  readonly #seen = new Map<string, { readonly firstMs: number; readonly lastMs: number }>();

  see(row: Readonly<Record<string, unknown>>): void {
    const id = `${String(row["experiment_id"])} ${attemptOf(row)}`;
    if (row["unit"] === "minutes" && row["record"] === "budget_debited") {
      const minutes = BudgetDebited.parse(row).minutes ?? 0;
      this.#told.set(id, (this.#told.get(id) ?? 0) + toGrains("minutes", minutes));
    }
    const atMs = momentOf(row);
    const firstMs = this.#seen.get(id)?.firstMs ?? atMs;
    this.#seen.set(id, { firstMs, lastMs: Math.max(firstMs, atMs) });
  }

  of(experimentId: string): readonly (readonly [string, number])[] {
    const prefix = `${experimentId} `;
    return [...this.#seen]
      .filter(([id]) => id.startsWith(prefix))
      .map(([id, { firstMs, lastMs }]) => [
        id.slice(prefix.length),
        this.#told.get(id) ?? lastMs - firstMs,
      ]);
  }
}

function takenBy(reserved: BudgetReserved, row: Readonly<Record<string, unknown>>): Taken {
  return {
    experimentId: reserved.experiment_id,
    attempt: attemptOf(row),
    tokens: reserved.tokens,
    usd: toGrains("usd", reserved.usd ?? 0),
    atMs: momentOf(row),
  };
}

function larger(reserved: Taken, { total, total_usd }: BudgetDebited): Taken {
  return {
    ...reserved,
    tokens: Math.max(reserved.tokens, total),
    usd: Math.max(reserved.usd, toGrains("usd", total_usd ?? 0)),
  };
}

function settledBy(
  debit: BudgetDebited,
  row: Readonly<Record<string, unknown>>,
  reading: Reading,
): Taken {
  const atMs = momentOf(row);
  const { usage, model = null } = debit;
  const told = usage === undefined ? null : (reading.pricing?.dollars(model, usage, atMs) ?? null);
  return {
    experimentId: debit.experiment_id,
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
function idOf(row: Readonly<Record<string, unknown>>): string {
  return `${String(row["experiment_id"])} ${String(row["reservation"])}`;
}

function attemptOf(row: Readonly<Record<string, unknown>>): string {
  return `${String(row["window"])}.${String(row["attempt"])}`;
}

/** Rows that come straight from a book have no moment yet. */
function momentOf({ recorded_at: at }: Readonly<Record<string, unknown>>): number {
  return typeof at === "string" ? epochMsOf(at) : 0;
}
