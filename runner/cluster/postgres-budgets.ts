import type { ClientBase } from "pg";

import { type Amounts, BUDGET_UNITS, perUnit } from "../budgets/budget-unit.ts";
import type { NoRoom, Spent } from "./switchboard.ts";

type Sql = Pick<ClientBase, "query">;

/** Takes a transaction back. */
export class NoRoomError extends Error {
  readonly room: NoRoom;

  constructor(room: NoRoom) {
    super("A budget has no room.");
    this.room = room;
  }
}

export interface AllowanceRow {
  readonly amounts: Amounts;
  readonly begun_by: string | null;
}

interface BudgetRow {
  readonly unit: NoRoom["unit"];
  readonly cap: string;
  readonly spent: string;
  readonly reserved: string;
}

/**
 * Reserves allowances if they fit what is left. `own` is what the same windows have already.
 * @throws NoRoomError
 */
export async function setAside(
  client: Sql,
  experimentId: string,
  { amounts, own }: { readonly amounts: Amounts; readonly own: Amounts },
): Promise<void> {
  for (const unit of BUDGET_UNITS) {
    const amount = amounts[unit];
    const { rows } = await client.query<BudgetRow>(
      "select unit, cap, spent, reserved from counterbalance.budgets where experiment_id = $1 and unit = $2",
      [experimentId, unit],
    );
    const [budget] = rows;
    if (budget === undefined) continue;
    const { rowCount } = await client.query(
      `update counterbalance.budgets set reserved = reserved + $3
       where experiment_id = $1 and unit = $2 and spent + reserved + $3 <= cap`,
      [experimentId, unit, amount ?? Number.MAX_SAFE_INTEGER],
    );
    if (rowCount !== 1) {
      const { reserved, requested, ...room } = roomOf(budget, amount);
      const had = own[unit] ?? 0;
      throw new NoRoomError({ ...room, reserved: reserved - had, requested: requested + had });
    }
  }
}

/** Counts an allowance as spent, and sets it aside once more. @throws NoRoomError */
export async function spendWhole(
  client: Sql,
  experimentId: string,
  amounts: Amounts,
): Promise<void> {
  for (const unit of BUDGET_UNITS) {
    const amount = amounts[unit] ?? 0;
    const { rows } = await client.query<BudgetRow>(
      "select unit, cap, spent, reserved from counterbalance.budgets where experiment_id = $1 and unit = $2",
      [experimentId, unit],
    );
    const [budget] = rows;
    if (budget === undefined) continue;
    const { rowCount } = await client.query(
      `update counterbalance.budgets set spent = spent + $3
       where experiment_id = $1 and unit = $2 and spent + reserved + $3 <= cap`,
      [experimentId, unit, amount],
    );
    if (rowCount !== 1) throw new NoRoomError(roomOf(budget, amount));
  }
}

/** Under a cap, a window without an allowance does not begin. @throws NoRoomError */
export async function refuseUncovered(client: Sql, experimentId: string): Promise<void> {
  const { rows } = await client.query<BudgetRow>(
    "select unit, cap, spent, reserved from counterbalance.budgets where experiment_id = $1 limit 1",
    [experimentId],
  );
  if (rows[0] !== undefined) throw new NoRoomError(roomOf(rows[0], null));
}

function roomOf({ unit, cap, spent, reserved }: BudgetRow, requested: number | null): NoRoom {
  return {
    unit,
    cap: Number(cap),
    spent: Number(spent),
    reserved: Number(reserved),
    requested: requested ?? Number.MAX_SAFE_INTEGER,
  };
}

export async function settle(
  client: Sql,
  experimentId: string,
  { spent, freed }: { readonly spent: Spent; readonly freed: Amounts },
): Promise<void> {
  for (const unit of BUDGET_UNITS) {
    await client.query(
      `update counterbalance.budgets set spent = spent + $3, reserved = reserved - $4
       where experiment_id = $1 and unit = $2`,
      [experimentId, unit, spent[unit], freed[unit] ?? 0],
    );
  }
}

/** Keeps an allowance that counts as spent until its attempt says what it took. */
export async function noteLost(
  client: Sql,
  experimentId: string,
  { lost, amounts }: { readonly lost: string; readonly amounts: Amounts },
): Promise<void> {
  await client.query(
    "insert into counterbalance.lost_attempts values ($1, $2, $3) on conflict do nothing",
    [lost, experimentId, JSON.stringify(amounts)],
  );
}

export function filled(amounts: Amounts): Spent {
  return perUnit((unit) => amounts[unit] ?? 0);
}
