import { expect, it } from "vitest";

import { BudgetBook } from "./budget-book.ts";
import { budgetStatus } from "./budget-status.ts";

const KEY = {
  experiment_id: "0123456789ab",
  window: "W0-01",
  attempt: 2,
  provider: "large",
  feature_id: "lru-cache",
  replicate: 1,
  period: 1,
};

function makeBook() {
  const book = new BudgetBook({
    limits: {
      mode: "block",
      basis: "uncached",
      overall: 1000,
      commands: new Map([["/implement", 400]]),
    },
    spentBefore: 100,
    onEvent: () => undefined,
  });
  book.openAttempt({ key: KEY, command: "/implement lru-cache", windowCap: null });
  return book;
}

it("shows each budget with what is used, set aside and allowed", () => {
  const book = makeBook();
  const decision = book.reserve(KEY, 50);
  if (decision.admitted) book.observe(decision.reservation, 20);
  expect(budgetStatus(book)).toEqual([
    {
      name: "overall",
      scope: "overall",
      used: 120,
      reserved: 30,
      limit: 1000,
      basis: "uncached",
      window: null,
      attempt: null,
    },
    {
      name: "/implement",
      scope: "command",
      used: 20,
      reserved: 30,
      limit: 400,
      basis: "uncached",
      window: "W0-01",
      attempt: 2,
    },
    {
      name: "window",
      scope: "window",
      used: 20,
      reserved: 30,
      limit: null,
      basis: "uncached",
      window: "W0-01",
      attempt: 2,
    },
  ]);
});

it("is a copy that later requests do not change", () => {
  const book = makeBook();
  const before = budgetStatus(book);
  book.reserve(KEY, 50);
  expect(before[0]).toMatchObject({ reserved: 0 });
});

it("leaves closed attempts out", () => {
  const book = makeBook();
  book.closeAttempt(KEY);
  expect(budgetStatus(book).map(({ name }) => name)).toEqual(["overall"]);
});
