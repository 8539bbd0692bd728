import { expect, test } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import { NOTHING_SPENT, SpendingFold, spentSoFar } from "./spending-fold.ts";
import { allowanceOf, limitsWith, StillClock, told, tokens } from "./test-support/budget-lab.ts";

const HOUR_MS = 3_600_000;
const LIMIT = { scope: "period", name: "period", unit: "tokens", limit: 100 } as const;

function keyOf(window: string, experiment = "0123456789ab") {
  return {
    experiment_id: experiment,
    window,
    attempt: 1,
    provider: "large",
    feature_id: "lru-cache",
    replicate: 1,
    period: 1,
  };
}

function makeBook(requests = NOTHING_SPENT.requests) {
  const rows: BudgetEvent[] = [];
  const clock = new StillClock();
  clock.ms = 10 * HOUR_MS;
  const book = new BudgetBook({
    limits: limitsWith({ more: [LIMIT], periodMs: 5 * HOUR_MS }),
    spent: { ...NOTHING_SPENT, requests },
    clock,
    onEvent: (row) => rows.push(row),
  });
  return { book, clock, rows };
}

function spend(book: BudgetBook, window: string, amount: number): void {
  const decision = book.reserve({ window, attempt: 1 }, tokens(amount));
  if (decision.admitted) book.settle(decision.reservation, told(amount));
}

test("an allowance fits when what was spent before has left the period", () => {
  const { book, clock } = makeBook([{ atMs: 6 * HOUR_MS, tokens: 70, usd: 0 }]);
  expect(book.fits(allowanceOf(30), "period").fits).toBe(true);
  expect(book.fits(allowanceOf(31), "period")).toMatchObject({
    fits: false,
    mayFitLater: true,
    refusal: { freesAtMs: 11 * HOUR_MS },
  });
  clock.ms = 11 * HOUR_MS;
  expect(book.fits(allowanceOf(31), "period").fits).toBe(true);
});

test("an allowance above the limit never fits", () => {
  const { book } = makeBook();
  expect(book.fits(allowanceOf(101), "period")).toMatchObject({ fits: false, mayFitLater: false });
});

test("a refused attempt is told when there is room, and needs as much the next time", () => {
  const { book, rows } = makeBook();
  for (const window of ["W0-01", "W0-02"]) {
    book.openAttempt({ key: keyOf(window), command: "/implement", windowCap: null });
  }
  spend(book, "W0-01", 20);
  spend(book, "W0-02", 60);
  expect(book.reserve({ window: "W0-01", attempt: 1 }, tokens(30))).toMatchObject({
    admitted: false,
    refusal: { scope: "period", freesAtMs: 15 * HOUR_MS },
  });
  expect(rows.at(-1)).toMatchObject({ frees_at: "1970-01-01T15:00:00.000Z" });
  book.closeAttempt({ window: "W0-01", attempt: 1 });
  expect(book.needOf("W0-01")).toEqual(allowanceOf(50));
  expect(book.needOf("W0-02")).toBeNull();
});

test("an attempt's own cap is named before the period", () => {
  const { book } = makeBook();
  book.openAttempt({ key: keyOf("W0-01"), command: "/implement", windowCap: 50 });
  expect(book.reserve({ window: "W0-01", attempt: 1 }, tokens(101))).toMatchObject({
    refusal: { scope: "window" },
  });
});

test("a period that has emptied is warned of again", () => {
  const { book, clock, rows } = makeBook();
  book.openAttempt({ key: keyOf("W0-01"), command: "/implement", windowCap: null });
  spend(book, "W0-01", 70);
  clock.ms += 6 * HOUR_MS;
  spend(book, "W0-01", 70);
  const warned = rows.filter(({ record }) => record === "budget_warned");
  expect(warned.map((row) => row["threshold_percent"])).toEqual([70, 70]);
});

test("a period that stays near a threshold is warned of once", () => {
  const { book, clock, rows } = makeBook();
  book.openAttempt({ key: keyOf("W0-01"), command: "/implement", windowCap: null });
  for (const amount of [3, 3, 82, 3, 1, 3, 3]) {
    spend(book, "W0-01", amount);
    clock.ms += HOUR_MS;
  }
  const warned = rows.filter(({ record }) => record === "budget_warned");
  expect(warned.map((row) => row["threshold_percent"])).toEqual([70, 90]);
});

test("the period counts every experiment of the ledger, the overall budget its own", () => {
  const rows = ["0123456789ab", "manual"].map((experiment) => ({
    record: "budget_debited",
    ...keyOf("W0-01", experiment),
    basis: "uncached",
    reservation: "W0-01.1.1",
    command: "/implement",
    delta: 40,
    total: 40,
    overshoot: 0,
    is_final: true,
    recorded_at: "2026-01-07T12:00:00.000Z",
  }));
  const spent = spentSoFar(rows, new SpendingFold({ experimentId: "manual", basis: "uncached" }));
  expect(spent.overall.tokens).toBe(40);
  expect(spent.requests.map((one) => one.tokens)).toEqual([40, 40]);
  expect(spent.attempts.get("W0-01.1")).toMatchObject({ requests: 1, sums: { tokens: 40 } });
});

test("an open-ended attempt may ask again when the period has room, and not before", () => {
  const { book, clock, rows } = makeBook([{ atMs: 6 * HOUR_MS, tokens: 90, usd: 0 }]);
  const key = keyOf("W0-01");
  book.openAttempt({ key, command: "/manual", windowCap: 20, isOpenEnded: true });
  const refused = { admitted: false, refusal: { scope: "period", isPassing: true } };
  expect(book.reserve(key, tokens(15))).toMatchObject(refused);
  clock.ms = 11 * HOUR_MS - 1;
  // A smaller request would fit, but the refusal names a moment.
  expect(book.reserve(key, tokens(1))).toMatchObject(refused);
  clock.ms = 11 * HOUR_MS;
  spend(book, "W0-01", 15);
  // Its own cap refuses for ever.
  expect(book.reserve(key, tokens(15))).toMatchObject({ refusal: { scope: "window" } });
  clock.ms = 30 * HOUR_MS;
  expect(book.reserve(key, tokens(1))).toMatchObject({ refusal: { scope: "window" } });
  expect(rows.filter(({ record }) => record === "budget_refused")).toHaveLength(2);
});
