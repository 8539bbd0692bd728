import { expect, test } from "vitest";

import type { BudgetEvent, BudgetScope } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import { SpendingFold, spentSoFar } from "./spending-fold.ts";
import { keyOf, limitsWith, StillClock, tokens } from "./test-support/budget-lab.ts";

const NAMES = { overall: "overall", command: "/implement", window: "window", role: "implementer" };
const MINUTE_MS = 60_000;

function makeBook(scope: Exclude<BudgetScope, "period">, mode: "block" | "warn" = "block") {
  const rows: BudgetEvent[] = [];
  const clock = new StillClock();
  const book = new BudgetBook({
    limits: limitsWith({ mode, more: [{ scope, name: NAMES[scope], unit: "minutes", limit: 3 }] }),
    clock,
    onEvent: (row) => rows.push(row),
  });
  const keys = ["W0-01", "W0-02"].map((window) => keyOf(window));
  for (const key of keys) book.openAttempt({ key, command: "/implement", windowCap: null });
  const [first = keyOf("W0-01"), second = keyOf("W0-02")] = keys;
  return { book, clock, rows, first, second };
}

test.each(["command", "role", "window"] as const)("an attempt's %s has its own clock", (scope) => {
  const { book, clock, first, second } = makeBook(scope);
  clock.ms = 3 * MINUTE_MS - 1;
  expect(book.checkTime(first)).toBeNull();
  expect(book.reserve(first, tokens(1)).admitted).toBe(true);
  clock.ms += 1;
  expect(book.checkTime(first)).toMatchObject({ scope, unit: "minutes", used: 3, limit: 3 });
  expect(book.reserve(first, tokens(1)).admitted).toBe(false);
  expect(book.reserve(second, tokens(1)).admitted).toBe(false);
});

test("attempts at once take of the overall time together", () => {
  const { book, clock, first, second } = makeBook("overall");
  clock.ms = 1.5 * MINUTE_MS - 1;
  expect(book.checkTime(first)).toBeNull();
  clock.ms += 1;
  expect(book.checkTime(second)).toMatchObject({ scope: "overall", used: 3 });
});

test("nothing more starts when the overall time is used up", () => {
  const { book, clock, first, second } = makeBook("overall");
  clock.ms = 2 * MINUTE_MS;
  book.closeAttempt(first);
  book.closeAttempt(second);
  expect(book.fits({ tokens: null, usd: null, minutes: null })).toMatchObject({
    fits: false,
    refusal: { unit: "minutes", used: 4, limit: 3 },
  });
});

test("the ledger has the time of every attempt, also of one that a crash left open", () => {
  const { book, clock, rows, first, second } = makeBook("window", "warn");
  const stamped: Record<string, unknown>[] = [];
  clock.ms = 2 * MINUTE_MS;
  book.reserve(second, tokens(5));
  book.closeAttempt(first);
  for (const row of rows) stamped.push({ ...row, recorded_at: "2026-01-07T12:00:00.000Z" });
  stamped.push({ ...rows[0], recorded_at: "2026-01-07T12:01:30.000Z" });
  const { attempts } = spentSoFar(
    stamped,
    new SpendingFold({
      experimentId: "0123456789ab",
      basis: "uncached",
    }),
  );
  expect(attempts.get("W0-01.1")?.sums.minutes).toBe(2 * MINUTE_MS);
  expect(attempts.get("W0-02.1")?.sums.minutes).toBe(1.5 * MINUTE_MS);
});

test("in warn mode the time is told and nothing is stopped", () => {
  const { book, clock, rows, first } = makeBook("window", "warn");
  clock.ms = 4 * MINUTE_MS;
  expect(book.checkTime(first)).toBeNull();
  expect(book.reserve(first, tokens(1)).admitted).toBe(true);
  const warned = rows.filter(
    ({ record, window }) => record === "budget_warned" && window === "W0-01",
  );
  expect(warned).toMatchObject([70, 90, 100].map((threshold_percent) => ({ threshold_percent })));
});
