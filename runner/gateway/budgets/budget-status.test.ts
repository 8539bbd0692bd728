import { expect, it } from "vitest";

import { BudgetBook } from "./budget-book.ts";
import { budgetStatus } from "./budget-status.ts";
import { keyOf, limitsWith, spentTokens, StillClock, tokens } from "./test-support/budget-lab.ts";

const KEY = keyOf("W0-01", 2);

function makeBook() {
  const book = new BudgetBook({
    limits: limitsWith({ overall: 1000, command: 400 }),
    spent: spentTokens(100),
    clock: new StillClock(),
    onEvent: () => undefined,
  });
  book.openAttempt({ key: KEY, command: "/implement lru-cache", windowCap: null });
  return book;
}

it("shows each budget with what is used, set aside and allowed", () => {
  const book = makeBook();
  const decision = book.reserve(KEY, tokens(50));
  if (decision.admitted) book.observe(decision.reservation, tokens(20));
  expect(budgetStatus(book)).toEqual([
    {
      name: "overall",
      scope: "overall",
      unit: "tokens",
      used: 120,
      reserved: 30,
      limit: 1000,
      basis: "uncached",
      window: null,
      attempt: null,
      refusal: null,
    },
    {
      name: "/implement",
      scope: "command",
      unit: "tokens",
      used: 20,
      reserved: 30,
      limit: 400,
      basis: "uncached",
      window: "W0-01",
      attempt: 2,
      refusal: null,
    },
    {
      name: "window",
      scope: "window",
      unit: "tokens",
      used: 20,
      reserved: 30,
      limit: null,
      basis: "uncached",
      window: "W0-01",
      attempt: 2,
      refusal: null,
    },
  ]);
});

it("is a copy that later requests do not change", () => {
  const book = makeBook();
  const before = budgetStatus(book);
  book.reserve(KEY, tokens(50));
  expect(before[0]).toMatchObject({ reserved: 0 });
});

it("leaves closed attempts out", () => {
  const book = makeBook();
  book.closeAttempt(KEY);
  expect(budgetStatus(book).map(({ name }) => name)).toEqual(["overall"]);
});
