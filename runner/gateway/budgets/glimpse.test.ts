import { expect, test } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import { keyOf, limitsWith, StillClock, told, tokens } from "./test-support/budget-lab.ts";

function openBook(limits: Parameters<typeof limitsWith>[0]) {
  const events: BudgetEvent[] = [];
  const book = new BudgetBook({
    limits: limitsWith(limits),
    clock: new StillClock(),
    onEvent: (event) => events.push(event),
  });
  const keys = ["W0-01", "W0-02"].map((window) => keyOf(window));
  for (const key of keys) book.openAttempt({ key, command: "/implement", windowCap: null });
  const reserve = (index: number): string => {
    const key = keys[index];
    const decision = key && book.reserve(key, tokens(10));
    if (decision?.admitted !== true) throw new Error("It was refused.");
    return decision.reservation;
  };
  return { book, events, reserve };
}

const CAP = { command: 100 };

test("a stream is let run to its limit and no further, and its attempt is refused once", () => {
  const { book, events, reserve } = openBook(CAP);
  const reservation = reserve(0);
  expect(book.glimpse(reservation, tokens(100))).toBeNull();
  expect(book.glimpse(reservation, tokens(101))).toMatchObject({ name: "/implement", limit: 100 });
  expect(book.glimpse(reservation, tokens(102))).toMatchObject({ name: "/implement" });
  expect(events.map(({ record }) => record)).toEqual(["budget_reserved", "budget_refused"]);
});

test("what other streams show counts, and is not counted again when they are settled", () => {
  const { book, reserve } = openBook({ overall: 100 });
  const [one, two] = [reserve(0), reserve(1)];
  expect(book.glimpse(one, tokens(60))).toBeNull();
  expect(book.glimpse(two, tokens(41))).toMatchObject({ name: "overall" });
  const again = openBook({ overall: 100 });
  const [three, four] = [again.reserve(0), again.reserve(1)];
  again.book.glimpse(three, tokens(60));
  again.book.settle(three, told(50));
  expect(again.book.glimpse(four, tokens(50))).toBeNull();
  expect(again.book.glimpse(four, tokens(51))).toMatchObject({ name: "overall" });
});

test("in warn mode, without a limit and for totals that can't be, nothing is cut", () => {
  const warning = openBook({ ...CAP, mode: "warn" });
  expect(warning.book.glimpse(warning.reserve(0), tokens(1000))).toBeNull();
  const unlimited = openBook({});
  expect(unlimited.book.glimpse(unlimited.reserve(0), tokens(1000))).toBeNull();
  const capped = openBook(CAP);
  const reservation = capped.reserve(0);
  expect(capped.book.glimpse(reservation, tokens(1.5))).toBeNull();
  expect(capped.book.glimpse("W9-99.1.1", tokens(1000))).toBeNull();
});
