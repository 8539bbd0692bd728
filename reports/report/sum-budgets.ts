import {
  BudgetDebited,
  BudgetReserved,
  type BudgetUnit,
} from "../../ledger/domain/budget-event.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";

/** What budgets are read from besides the view. */
export interface BudgetRows {
  /** The rows of `budgets.jsonl`, of all experiments, oldest first. */
  readonly rows: Iterable<Row>;
  /** The end of the rolling period, ms since the Unix epoch; by default the time of the last row. */
  readonly nowMs?: number;
}

/** Tokens of the recorded basis, dollars and minutes. */
export type UnitAmounts = Readonly<Record<BudgetUnit, number>>;

export interface AttemptSums {
  /** null: no debit names it. */
  readonly command: string | null;
  readonly role: string | null;
  readonly taken: UnitAmounts;
}

/** What the rows of `budgets.jsonl` say, in every unit. */
export interface BudgetSums {
  /** The experiment's attempts. */
  readonly attempts: readonly AttemptSums[];
  /** Movements of the whole ledger within the rolling period, oldest first. */
  readonly recent: readonly { readonly atMs: number; readonly taken: UnitAmounts }[];
  /** Use by the experiment since its last session was opened, and for how long: its pace. */
  readonly session: { readonly taken: UnitAmounts; readonly spanMs: number };
  /** When the last row was written, ms since the Unix epoch; 0 without rows. */
  readonly lastMs: number;
}

export interface BudgetReading {
  readonly experimentId: string;
  readonly periodMs: number | null;
  /** When the last session was opened, ms since the Unix epoch; null without one. */
  readonly sessionFromMs: number | null;
}

const COMPACT_EVERY = 10_000;
const NOTHING: UnitAmounts = { tokens: 0, usd: 0, minutes: 0 };

/**
 * Adds up the rows of `budgets.jsonl`, oldest first. A request that was never settled counts with its
 * reservation. Rows that break their schema are left out; the view counts them.
 */
export function sumBudgets(rows: Iterable<Row>, reading: BudgetReading): BudgetSums {
  const sums = new Sums(reading);
  const open = new Map<string, Movement>();
  for (const row of rows) {
    sums.see(row);
    const key = `${String(row["experiment_id"])} ${String(row["reservation"])}`;
    const movement = readMovement(row);
    if (movement === null) continue;
    if (movement.isFinal) {
      open.delete(key);
      sums.settle(movement);
    } else open.set(key, larger(movement, open.get(key)));
  }
  for (const movement of open.values()) sums.settle(movement);
  return sums.close();
}

/** What a row says about one request. */
interface Movement {
  readonly experiment: string;
  readonly attempt: string;
  readonly atMs: number;
  readonly command: string | null;
  readonly role: string | null;
  readonly taken: UnitAmounts;
  readonly isFinal: boolean;
}

class Sums {
  readonly #reading: BudgetReading;
  readonly #attempts = new Map<string, AttemptSums>();
  #recent: { readonly atMs: number; readonly taken: UnitAmounts }[] = [];
  #session = NOTHING;
  #sessionToMs: number | null = null;
  #lastMs = 0;

  constructor(reading: BudgetReading) {
    this.#reading = reading;
  }

  see(row: Row): void {
    const atMs = epochMsOf(row.recorded_at);
    this.#lastMs = Math.max(this.#lastMs, atMs);
    if (row["experiment_id"] === this.#reading.experimentId) {
      this.#sessionToMs = Math.max(this.#sessionToMs ?? atMs, atMs);
    }
  }

  settle({ experiment, attempt, atMs, command, role, taken }: Movement): void {
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

  close(): BudgetSums {
    const { sessionFromMs } = this.#reading;
    const toMs = this.#sessionToMs;
    return {
      attempts: [...this.#attempts.values()],
      recent: this.#recent,
      session: {
        taken: this.#session,
        spanMs: sessionFromMs === null || toMs === null ? 0 : toMs - sessionFromMs,
      },
      lastMs: this.#lastMs,
    };
  }

  /** Drops what has left the period now and then, so that memory does not grow with the ledger. */
  #keepRecent(atMs: number, taken: UnitAmounts): void {
    const { periodMs } = this.#reading;
    if (periodMs === null) return;
    this.#recent.push({ atMs, taken });
    if (this.#recent.length % COMPACT_EVERY !== 0) return;
    const fromMs = this.#lastMs - periodMs;
    this.#recent = this.#recent.filter((one) => one.atMs > fromMs);
  }
}

/** null: the row is no reservation and no debit, or breaks its schema. */
function readMovement(row: Row): Movement | null {
  const place = {
    experiment: String(row["experiment_id"]),
    attempt: `${String(row["window"])}.${String(row["attempt"])}`,
    atMs: epochMsOf(row.recorded_at),
  };
  if (row.record === "budget_reserved") {
    const reserved = BudgetReserved.safeParse(row).data;
    if (reserved === undefined) return null;
    const taken = { tokens: reserved.tokens, usd: reserved.usd ?? 0, minutes: 0 };
    return { ...place, command: null, role: null, taken, isFinal: false };
  }
  const debited = row.record === "budget_debited" ? BudgetDebited.safeParse(row).data : undefined;
  if (debited === undefined) return null;
  const { command, role = null, is_final: isFinal } = debited;
  return { ...place, command, role, taken: takenBy(debited), isFinal };
}

function takenBy({ unit, minutes, total, total_usd }: BudgetDebited): UnitAmounts {
  return unit === "minutes"
    ? { ...NOTHING, minutes: minutes ?? 0 }
    : { tokens: total, usd: total_usd ?? 0, minutes: 0 };
}

/** A request in flight counts with its reservation, or with its reported use if that is more. */
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
