import {
  BudgetDebited,
  BudgetReserved,
  type BudgetUnit,
} from "../../ledger/domain/budget-event.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";

/** Tokens of the recorded basis, dollars and minutes. */
export type UnitAmounts = Readonly<Record<BudgetUnit, number>>;

export interface AttemptSums {
  /** null: no debit has told it. */
  readonly command: string | null;
  readonly role: string | null;
  readonly taken: UnitAmounts;
}

/** What the rows of `budgets.jsonl` say, in every unit. */
export interface BudgetSums {
  /** Of the experiment. */
  readonly attempts: readonly AttemptSums[];
  /** Of the whole ledger, what is not older than the rolling period, oldest first. */
  readonly recent: readonly { readonly atMs: number; readonly taken: UnitAmounts }[];
  /** Of the experiment since its last session was opened, and over how long; its pace. */
  readonly session: { readonly taken: UnitAmounts; readonly spanMs: number };
  /** When the last row was written, ms since the Unix epoch; 0 without rows. */
  readonly lastMs: number;
}

export interface BudgetReading {
  readonly experimentId: string;
  readonly periodMs: number | null;
  /** When the last session was opened, ms since the Unix epoch; null where there was none. */
  readonly sessionFromMs: number | null;
}

const COMPACT_EVERY = 10_000;
const NOTHING: UnitAmounts = { tokens: 0, usd: 0, minutes: 0 };

/**
 * Folds the rows of `budgets.jsonl`, oldest first. A request that was never settled counts with its
 * reservation. Rows that do not keep their schema are left out: the view counts them.
 */
export function sumBudgets(rows: Iterable<Row>, reading: BudgetReading): BudgetSums {
  const sums = new Sums(reading);
  for (const row of rows) sums.add(row);
  return sums.close();
}

interface Movement {
  readonly experiment: string;
  readonly attempt: string;
  readonly atMs: number;
  readonly command: string | null;
  readonly role: string | null;
  readonly taken: UnitAmounts;
}

class Sums {
  readonly #reading: BudgetReading;
  readonly #open = new Map<string, Movement>();
  readonly #attempts = new Map<string, AttemptSums>();
  #recent: { readonly atMs: number; readonly taken: UnitAmounts }[] = [];
  #session = NOTHING;
  #sessionToMs: number | null = null;
  #lastMs = 0;

  constructor(reading: BudgetReading) {
    this.#reading = reading;
  }

  add(row: Row): void {
    const key = `${String(row["experiment_id"])} ${String(row["reservation"])}`;
    this.#see(row);
    if (row.record === "budget_reserved") {
      const { data } = BudgetReserved.safeParse(row);
      if (data === undefined) return;
      const taken = { tokens: data.tokens, usd: data.usd ?? 0, minutes: 0 };
      this.#open.set(key, { ...placeOf(row), command: null, role: null, taken });
    } else if (row.record === "budget_debited") {
      const { data } = BudgetDebited.safeParse(row);
      if (data === undefined) return;
      const movement = { ...placeOf(row), ...ownersOf(data), taken: takenBy(data) };
      if (data.is_final) {
        this.#open.delete(key);
        this.#settle(movement);
      } else this.#open.set(key, larger(movement, this.#open.get(key)));
    }
  }

  close(): BudgetSums {
    for (const movement of this.#open.values()) this.#settle(movement);
    const { sessionFromMs } = this.#reading;
    const spanMs =
      sessionFromMs === null || this.#sessionToMs === null ? 0 : this.#sessionToMs - sessionFromMs;
    return {
      attempts: [...this.#attempts.values()],
      recent: this.#recent,
      session: { taken: this.#session, spanMs },
      lastMs: this.#lastMs,
    };
  }

  #see(row: Row): void {
    const atMs = epochMsOf(row.recorded_at);
    this.#lastMs = Math.max(this.#lastMs, atMs);
    if (row["experiment_id"] === this.#reading.experimentId) {
      this.#sessionToMs = Math.max(this.#sessionToMs ?? atMs, atMs);
    }
  }

  #settle({ experiment, attempt, atMs, command, role, taken }: Movement): void {
    const { experimentId, sessionFromMs } = this.#reading;
    this.#keepRecent(atMs, taken);
    if (experiment !== experimentId) return;
    const before = this.#attempts.get(attempt);
    this.#attempts.set(attempt, {
      command: command ?? before?.command ?? null,
      role: role ?? before?.role ?? null,
      taken: plus(before?.taken ?? NOTHING, taken),
    });
    if (sessionFromMs !== null && atMs >= sessionFromMs) this.#session = plus(this.#session, taken);
  }

  /** What has left the period is dropped now and then, so that a long ledger takes no more memory. */
  #keepRecent(atMs: number, taken: UnitAmounts): void {
    const { periodMs } = this.#reading;
    if (periodMs === null) return;
    this.#recent.push({ atMs, taken });
    if (this.#recent.length % COMPACT_EVERY !== 0) return;
    const fromMs = this.#lastMs - periodMs;
    this.#recent = this.#recent.filter((one) => one.atMs > fromMs);
  }
}

function placeOf(row: Row): Pick<Movement, "experiment" | "attempt" | "atMs"> {
  return {
    experiment: String(row["experiment_id"]),
    attempt: `${String(row["window"])}.${String(row["attempt"])}`,
    atMs: epochMsOf(row.recorded_at),
  };
}

function ownersOf({ command, role }: BudgetDebited): Pick<Movement, "command" | "role"> {
  return { command, role: role ?? null };
}

function takenBy({ unit, minutes, total, total_usd }: BudgetDebited): UnitAmounts {
  return unit === "minutes"
    ? { ...NOTHING, minutes: minutes ?? 0 }
    : { tokens: total, usd: total_usd ?? 0, minutes: 0 };
}

/** A request in flight counts with what was set aside for it, or with what it has told if that is more. */
function larger(movement: Movement, held: Movement | undefined): Movement {
  const { tokens, usd } = held?.taken ?? NOTHING;
  const { taken } = movement;
  return {
    ...movement,
    taken: { ...taken, tokens: Math.max(tokens, taken.tokens), usd: Math.max(usd, taken.usd) },
  };
}

export function plus(left: UnitAmounts, right: UnitAmounts): UnitAmounts {
  return {
    tokens: left.tokens + right.tokens,
    usd: left.usd + right.usd,
    minutes: left.minutes + right.minutes,
  };
}
