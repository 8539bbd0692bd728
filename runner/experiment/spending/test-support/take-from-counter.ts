/** A process that takes what is left of a cap, one token at a time. Usage: STATE NAME CAP */
import { reservedRow } from "../../../gateway/budgets/budget-rows.ts";
import { keyOf } from "../../../gateway/budgets/test-support/budget-lab.ts";
import { BudgetCounter } from "../budget-counter.ts";

const [state = "", name = "", cap = "0"] = process.argv.slice(2);
const counter = new BudgetCounter({ state }, name);
const key = { ...keyOf(), basis: "uncached" } as const;
let used = 0;

/** Takes one token, if there is room. */
function take(): boolean {
  return counter.alone(() => {
    used += counter.read().length;
    if (used >= Number(cap)) return false;
    const reservation = `${name}.${String(used)}`;
    const row = reservedRow(key, { reservation, estimate: { tokens: 1, usd: null } });
    counter.write({ ...row, recorded_at: "2026-11-23T06:00:00.000Z" });
    used += 1;
    return true;
  });
}

while (take());
