import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import { SpendingFold, spentSoFar } from "./spending-fold.ts";
import { keyOf, limitsWith, StillClock } from "./test-support/budget-lab.ts";

const EXPERIMENT = "0123456789ab";
const KEY = keyOf();
const NANO = 1e9;

const usd = fc.double({ min: 0, max: 20, noNaN: true });
const request = fc.record({
  estimate: fc.option(usd, { freq: 6 }),
  seen: fc.option(usd),
  told: fc.option(usd, { freq: 4 }),
});

/** Every request runs to its end before the next, but for one that is left in flight. */
function play(
  requests: readonly { estimate: number | null; seen: number | null; told: number | null }[],
  cap: number | null,
) {
  const rows: BudgetEvent[] = [];
  const more =
    cap === null ? [] : [{ scope: "overall", name: "overall", unit: "usd", limit: cap } as const];
  const book = new BudgetBook({
    limits: limitsWith({ more }),
    clock: new StillClock(),
    onEvent: (row) => rows.push(row),
  });
  book.openAttempt({ key: KEY, command: "/implement", windowCap: null });
  const overall = () => book.shared.find(({ unit }) => unit === "usd");
  const atAdmission: number[] = [];
  for (const { estimate, seen, told } of requests) {
    const decision = book.reserve(KEY, { tokens: 10, usd: estimate });
    if (!decision.admitted) continue;
    const { used = 0, reserved = 0 } = overall() ?? {};
    atAdmission.push(used + reserved);
    if (seen !== null) book.observe(decision.reservation, { tokens: 5, usd: seen });
    book.settle(decision.reservation, { tokens: 10, usd: told });
  }
  return { rows, overall, atAdmission };
}

test("the debited dollars add up to the account, to the nano-dollar, and so do they when they are read back", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 300 }), (requests) => {
      const { rows, overall } = play(requests, null);
      const debits = rows.filter((row) => row.record === "budget_debited");
      const nanos = debits.reduce((sum, row) => sum + Math.round((row.delta_usd ?? 0) * NANO), 0);
      expect(overall()).toMatchObject({ used: nanos, reserved: 0 });
      const spent = spentSoFar(
        rows,
        new SpendingFold({ experimentId: EXPERIMENT, basis: "uncached" }),
      );
      expect(spent.overall.usd).toBe(nanos);
    }),
    { numRuns: 200, seed: 42 },
  );
});

test("spent and reserved dollars are within the limit whenever a request is let through, and the unpriced never is", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 60 }), usd, (requests, cap) => {
      const { rows, atAdmission } = play(requests, cap);
      expect(Math.max(0, ...atAdmission)).toBeLessThanOrEqual(Math.round(cap * NANO));
      const reserved = rows.filter((row) => row.record === "budget_reserved");
      expect(reserved.every((row) => row.usd !== undefined)).toBe(true);
    }),
    { numRuns: 300, seed: 42 },
  );
});
