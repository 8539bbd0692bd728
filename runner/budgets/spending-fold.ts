import { BudgetDebited, BudgetReserved } from "../../ledger/domain/budget-event.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { type TokenBasis, tokensIn } from "../../ledger/domain/token-basis.ts";
import { RowIds } from "../../ledger/views/row-ids.ts";
import { toGrains } from "./budget-unit.ts";
import type { Pricing } from "./pricing.ts";

interface Reading {
  readonly experimentId: string;
  readonly basis: TokenBasis;
  /** Reads debits in an amended basis, and dollars of rows that have none. */
  readonly pricing?: Pick<Pricing, "billableTokens" | "dollars">;
}

/** What a request took as far as its rows tell: tokens of the basis, nano-dollars, and when that was known. */
export interface RequestSpend {
  readonly experimentId: string;
  /** E.g. `W0-01.1`. */
  readonly attempt: string;
  readonly tokens: number;
  readonly usd: number;
  readonly atMs: number;
}

/** What a row changes. */
export interface SpendChange {
  /** Whether it is of the fold's own experiment. */
  readonly isOwn: boolean;
  /** What its request counted with before; null where it did not. */
  readonly was: RequestSpend | null;
  /** What it counts with now; null where the row is of no request. */
  readonly is: RequestSpend | null;
  /** Whether no further row of the request is to come. */
  readonly isFinal: boolean;
  /** By how much the row lengthens its attempt, milliseconds. */
  readonly minutes: number;
}

type AnyRow = Readonly<Record<string, unknown>>;

/**
 * Reads rows of `budgets.jsonl` one by one, oldest first. A request counts with its reservation until
 * it is settled (for ever, where a crash left it), an attempt with the time that its rows span until
 * its own time is written. Where the basis was amended, debits are read in the new one by their token
 * classes; one without them counts as it was recorded.
 */
export class SpendingFold {
  readonly experimentId: string;
  readonly #reading: Reading;
  readonly #unsettled = new Map<string, RequestSpend>();
  readonly #times = new Map<string, AttemptTime>();
  readonly #ids = new RowIds();

  constructor(reading: Reading) {
    this.experimentId = reading.experimentId;
    this.#reading = reading;
  }

  /** Of several rows with one id, whatever they are, the first counts. */
  see(row: AnyRow): SpendChange {
    const experimentId = String(row["experiment_id"]);
    const isOwn = experimentId === this.experimentId;
    if (this.#isTwin(row)) return { isOwn, ...NO_REQUEST, minutes: 0 };
    return { isOwn, ...this.#seeRequest(row), minutes: this.#seeTime(row, experimentId) };
  }

  /** Requests that count with their reservation. */
  unsettled(): Iterable<RequestSpend> {
    return this.#unsettled.values();
  }

  /** The experiment's attempts with their time, milliseconds. */
  times(): readonly (readonly [string, number])[] {
    const prefix = `${this.experimentId} `;
    return [...this.#times]
      .filter(([id]) => id.startsWith(prefix))
      .map(([id, time]) => [id.slice(prefix.length), lengthOf(time)]);
  }

  /** Rows that come straight from a book have no id yet. */
  #isTwin({ id }: AnyRow): boolean {
    if (typeof id !== "string") return false;
    if (this.#ids.find(id) !== undefined) return true;
    this.#ids.numberOf(id);
    return false;
  }

  #seeRequest(row: AnyRow): Pick<SpendChange, "was" | "is" | "isFinal"> {
    const id = idOf(row);
    const was = this.#unsettled.get(id) ?? null;
    if (row["record"] === "budget_reserved") {
      return this.#keep(id, was, takenBy(BudgetReserved.parse(row), row));
    }
    if (row["record"] !== "budget_debited" || row["unit"] === "minutes") return NO_REQUEST;
    const debit = BudgetDebited.parse(row);
    if (!debit.is_final) return was === null ? NO_REQUEST : this.#keep(id, was, larger(was, debit));
    this.#unsettled.delete(id);
    return { was, is: settledBy(debit, row, this.#reading), isFinal: true };
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

/** What was written at its ends, or else what its rows span. */
interface AttemptTime {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly toldMs: number | null;
}

function lengthOf({ firstMs, lastMs, toldMs }: AttemptTime): number {
  return toldMs ?? lastMs - firstMs;
}

function takenBy(reserved: BudgetReserved, row: AnyRow): RequestSpend {
  return {
    experimentId: reserved.experiment_id,
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

function settledBy(debit: BudgetDebited, row: AnyRow, reading: Reading): RequestSpend {
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
function idOf(row: AnyRow): string {
  return `${String(row["experiment_id"])} ${String(row["reservation"])}`;
}

function attemptOf(row: AnyRow): string {
  return `${String(row["window"])}.${String(row["attempt"])}`;
}

/** Rows that come straight from a book have no moment yet. */
function momentOf({ recorded_at: at }: AnyRow): number {
  return typeof at === "string" ? epochMsOf(at) : 0;
}
