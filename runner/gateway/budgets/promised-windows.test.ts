import { expect, it } from "vitest";

import { BudgetBook, PromisedWindows } from "./budget-book.ts";
import { UNBOUNDED } from "./budget-unit.ts";
import { keyOf, limitsWith, StillClock } from "./test-support/budget-lab.ts";

const KEY = keyOf();
const PERIOD = { scope: "period", name: "period", unit: "tokens", limit: 1000 } as const;

it("counts what is promised until it is released, and nothing where nothing bounds it", () => {
  const promised = new PromisedWindows();
  promised.promise("W0-01", { ...UNBOUNDED, tokens: 600 });
  promised.promise("W0-01", { ...UNBOUNDED, tokens: 400 });
  promised.promise("W0-03", { ...UNBOUNDED, tokens: 50 });
  expect([promised.starting("tokens"), promised.starting("usd")]).toEqual([450, 0]);
  promised.release("W0-01");
  expect(promised.starting("tokens")).toBe(50);
});

it("keeps what a later window may take until it starts or is given up", () => {
  const promised = new PromisedWindows();
  promised.keep("W0-02", { ...UNBOUNDED, tokens: 600 });
  promised.keep("W0-04", { ...UNBOUNDED, tokens: 30 });
  promised.release("W0-02");
  expect([promised.starting("tokens"), promised.kept("tokens")]).toEqual([0, 630]);
  promised.promise("W0-02", { ...UNBOUNDED, tokens: 600 });
  expect([promised.starting("tokens"), promised.kept("tokens")]).toEqual([600, 30]);
  promised.giveUp("W0-04");
  expect([promised.isKept("W0-04"), promised.kept("tokens")]).toEqual([false, 0]);
});

it("counts what is kept against a new pair, not against one that has begun, nor of the period", () => {
  const book = new BudgetBook({
    limits: limitsWith({ overall: 1000, more: [PERIOD], periodMs: 1000 }),
    clock: new StillClock(),
    onEvent: () => undefined,
  });
  book.promised.keep("W0-02", { ...UNBOUNDED, tokens: 600 });
  const asked = { ...UNBOUNDED, tokens: 500 };
  expect(book.fits(asked)).toMatchObject({ fits: false, mayFitLater: true });
  expect(book.fits(asked, "begun")).toEqual({ fits: true });
  expect(book.fits(asked, "period")).toEqual({ fits: true });
});

it("keeps the room of a window that was let start before its attempt is open, and only once after", () => {
  const limits = limitsWith({ overall: 1000, command: 600 });
  const book = new BudgetBook({ limits, clock: new StillClock(), onEvent: () => undefined });
  const allowance = { ...UNBOUNDED, tokens: 600 };
  book.promised.promise("W0-01", allowance);
  expect(book.fits(allowance)).toMatchObject({ fits: false, mayFitLater: true });
  expect(book.fits({ ...UNBOUNDED, tokens: 400 })).toEqual({ fits: true });
  book.openAttempt({ key: KEY, command: "/implement lru-cache", windowCap: null });
  expect(book.fits({ ...UNBOUNDED, tokens: 400 })).toEqual({ fits: true });
  book.closeAttempt(KEY);
  expect(book.fits({ ...UNBOUNDED, tokens: 1000 })).toEqual({ fits: true });
});
