/** Decides and settles requests on a shared budget, as one of several proxies. Usage: STATE NAME REQUESTS */
import { setTimeout as sleep } from "node:timers/promises";

import { BudgetCounter } from "../experiment/spending/budget-counter.ts";
import { reservedRow } from "../gateway/budgets/budget-rows.ts";
import { keyOf } from "../gateway/budgets/test-support/budget-lab.ts";
import { systemClock } from "../platform/environment/environment.ts";

const PAUSE_MS = 2;

const [state = "", name = "", requests = "0"] = process.argv.slice(2);
const counter = new BudgetCounter({ state }, name);
const key = { ...keyOf(), basis: "uncached" } as const;
const ms: number[] = [];
for (let request = 0; request < Number(requests); request += 1) {
  const reservation = `${name}.${String(request)}`;
  const row = reservedRow(key, { reservation, estimate: { tokens: 1000, usd: null } });
  const startedMs = systemClock.monotonicMs();
  // One turn to reserve, one to settle.
  for (let turn = 0; turn < 2; turn += 1) {
    counter.alone(() => {
      counter.read();
      counter.write({ ...row, recorded_at: "2026-11-23T06:00:00.000Z" });
    });
  }
  ms.push(systemClock.monotonicMs() - startedMs);
  await sleep(PAUSE_MS);
}
counter.close();
process.stdout.write(JSON.stringify(ms));
