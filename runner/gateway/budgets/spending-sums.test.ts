import { expect, it } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import { SpendingFold, spentSoFar } from "./spending-fold.ts";
import { keyOf, limitsWith, StillClock, told, tokens } from "./test-support/budget-lab.ts";

const EXPERIMENT = "0123456789ab";
const KEY = keyOf();

/** The rows of a session whose requests were estimated at 100 tokens each. */
function rowsOf(work: (book: BudgetBook, reserve: () => string) => void): BudgetEvent[] {
  const rows: BudgetEvent[] = [];
  const book = new BudgetBook({
    limits: limitsWith(),
    clock: new StillClock(),
    onEvent: (row) => rows.push(row),
  });
  book.openAttempt({ key: KEY, command: "/implement", windowCap: null });
  work(book, () => {
    const decision = book.reserve(KEY, tokens(100));
    return decision.admitted ? decision.reservation : "none";
  });
  return rows;
}

function spent(rows: readonly BudgetEvent[], basis: "all" | "uncached" = "uncached"): number {
  return spentSoFar(rows, new SpendingFold({ experimentId: EXPERIMENT, basis })).overall.tokens;
}

it("is nothing without rows", () => {
  expect(spent([])).toBe(0);
});

it("adds up what was settled, not the steps on the way", () => {
  const rows = rowsOf((book, reserve) => {
    const first = reserve();
    book.observe(first, tokens(30));
    book.settle(first, told(80));
    book.settle(reserve(), told(120));
  });
  expect(spent(rows)).toBe(200);
});

it("counts a request that a crash left unsettled with its reservation", () => {
  const rows = rowsOf((book, reserve) => {
    book.observe(reserve(), tokens(30));
    reserve();
  });
  expect(spent(rows)).toBe(200);
});

it("counts what an unsettled request was seen to take where that is more", () => {
  expect(spent(rowsOf((book, reserve) => book.observe(reserve(), tokens(130))))).toBe(130);
});

it("leaves other experiments out", () => {
  const rows = rowsOf((book, reserve) => book.settle(reserve(), told(80)));
  expect(
    spentSoFar(rows, new SpendingFold({ experimentId: "manual", basis: "uncached" })).overall
      .tokens,
  ).toBe(0);
});

it("reads debits in an amended basis by their token classes", () => {
  const usage = { input_uncached: 50, cache_read: 900, output: 30, requests: 1 };
  const rows = rowsOf((book, reserve) => {
    book.settle(reserve(), { ...told(80), usage });
    book.settle(reserve(), told(70));
  });
  expect(spent(rows, "all")).toBe(980 + 70);
});

it("keeps the estimate of an unfinished answer in an amended basis", () => {
  const usage = { input_uncached: 5, cache_read: 10, requests: 1 };
  const rows = rowsOf((book, reserve) => book.settle(reserve(), { ...told(null), usage }));
  expect(spent(rows, "all")).toBe(100);
});
