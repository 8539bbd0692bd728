import {
  BudgetDebited,
  BudgetReserved,
  type BudgetUnit,
} from "../../ledger/domain/budget-event.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { hashIn } from "../../ledger/store/row-line.ts";
import type { LedgerReader, TakeLine } from "../../ledger/store/store.ts";
import { type BudgetRow, readBudgetLine } from "../../ledger/views/traffic-line.ts";

/** What budgets are read from besides the view. */
export interface BudgetRows {
  /** The rows of `budgets.jsonl`, of all experiments, oldest first. */
  readonly read: (take: TakeLine) => Iterable<Row>;
  /** The end of the rolling period, ms since the Unix epoch; by default the time of the last row. */
  readonly nowMs?: number;
  /** Sums that were made of the same rows before, by what was asked. New ones are added. */
  readonly remembered?: Map<string, BudgetSums>;
}

/** The budgets of a ledger. What was summed once is remembered: let no row be added in between. */
export function budgetRows(
  store: Pick<LedgerReader, "read">,
  remembered = new Map<string, BudgetSums>(),
): BudgetRows {
  return { read: (take) => store.read("budgets", take), remembered };
}

/** Tokens of the recorded basis, dollars and minutes. */
export type UnitAmounts = Readonly<Record<BudgetUnit, number>>;

/** What the rows of `budgets.jsonl` say, in every unit. */
export type BudgetSums = ReturnType<typeof sumBudgets>;

export interface BudgetReading {
  /** Whether a row counts, by its hash. */
  readonly isCounted: (h: string) => boolean;
  readonly experimentId: string;
  readonly periodMs: number | null;
  /** When the last session was opened, ms since the Unix epoch; null without one. */
  readonly sessionFromMs: number | null;
}

const COMPACT_EVERY = 10_000;
export const NOTHING: UnitAmounts = { tokens: 0, usd: 0, minutes: 0 };

/**
 * Adds up the rows of `budgets.jsonl`, oldest first. A request that was never settled counts with its
 * reservation. Rows that break their schema are left out; the view counts them.
 */
export function sumBudgets(
  read: BudgetRows["read"],
  { experimentId, periodMs, sessionFromMs, isCounted }: BudgetReading,
) {
  const attempts = new Map<string, Pick<Movement, "atMs" | "command" | "role" | "taken">>();
  const open = new Map<string, Movement>();
  const session = { taken: NOTHING, fromMs: sessionFromMs ?? Infinity, toMs: sessionFromMs ?? 0 };
  let recent: Pick<Movement, "atMs" | "taken">[] = [];
  let lastMs = 0;

  /** Drops what has left the period now and then, so that memory does not grow with the ledger. */
  function keepRecent(one: (typeof recent)[number], fromMs: number): void {
    recent.push(one);
    if (recent.length % COMPACT_EVERY === 0) recent = recent.filter(({ atMs }) => atMs > fromMs);
  }

  function settle({ experiment, attempt, atMs, command, role, taken }: Movement): void {
    if (periodMs !== null) keepRecent({ atMs, taken }, lastMs - periodMs);
    if (experiment !== experimentId) return;
    const before = attempts.get(attempt);
    attempts.set(attempt, {
      atMs,
      command: command ?? before?.command ?? null,
      role: role ?? before?.role ?? null,
      taken: plus(before?.taken ?? NOTHING, taken),
    });
    if (atMs >= session.fromMs) session.taken = plus(session.taken, taken);
  }

  /** Takes in a row of any record; `budget` is undefined if it is neither a reservation nor a debit. */
  function add(row: Pick<Row, "recorded_at"> & object, experiment: unknown, budget?: BudgetRow) {
    const atMs = epochMsOf(row.recorded_at);
    lastMs = Math.max(lastMs, atMs);
    if (experiment === experimentId) session.toMs = Math.max(session.toMs, atMs);
    if (budget === undefined) return;
    const movement = movementOf(budget, atMs);
    const key = `${budget.experiment_id} ${budget.reservation}`;
    if (!movement.isFinal) open.set(key, larger(movement, open.get(key)));
    else {
      open.delete(key);
      settle(movement);
    }
  }

  function take(line: string): boolean {
    const budget = readBudgetLine(line);
    if (budget === undefined) return false;
    if (isCounted(hashIn(line))) add(budget, budget.experiment_id, budget);
    return true;
  }

  for (const row of read(take)) {
    if (isCounted(row.h)) add(row, row["experiment_id"], readBudget(row));
  }
  for (const movement of open.values()) settle(movement);
  return {
    /** The experiment's attempts. */
    attempts: [...attempts.values()],
    /** Movements of the whole ledger within the rolling period, oldest first. */
    recent,
    /** Use by the experiment since its last session was opened, and for how long: its pace. */
    session: { taken: session.taken, spanMs: session.toMs - (sessionFromMs ?? session.toMs) },
    /** When the last row was written, ms since the Unix epoch; 0 without rows. */
    lastMs,
  };
}

/** What a row says about one request. */
interface Movement {
  readonly experiment: string;
  readonly attempt: string;
  readonly atMs: number;
  /** null: no debit names it. */
  readonly command: string | null;
  readonly role: string | null;
  readonly taken: UnitAmounts;
  readonly isFinal: boolean;
}

/** undefined: the row is neither a reservation nor a debit, or breaks its schema. */
function readBudget(row: Row): BudgetRow | undefined {
  const { id, recorded_at } = row;
  const written = { id, recorded_at, experiment_id: String(row["experiment_id"]) };
  const { data } =
    row.record === "budget_reserved" ? BudgetReserved.safeParse(row) : BudgetDebited.safeParse(row);
  return data === undefined ? undefined : { ...data, ...written };
}

function movementOf(row: BudgetRow, atMs: number): Movement {
  const attempt = `${row.window}.${String(row.attempt)}`;
  const place = { experiment: row.experiment_id, attempt, atMs };
  if (row.record === "budget_reserved") {
    const taken = { tokens: row.tokens, usd: row.usd ?? 0, minutes: 0 };
    return { ...place, command: null, role: null, taken, isFinal: false };
  }
  const { command, role = null, is_final: isFinal } = row;
  return { ...place, command, role, taken: takenBy(row), isFinal };
}

type Debited = Pick<BudgetDebited, "unit" | "minutes" | "total" | "total_usd">;

function takenBy({ unit, minutes, total, total_usd }: Debited): UnitAmounts {
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
