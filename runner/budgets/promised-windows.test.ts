import { expect, it } from "vitest";

import { BudgetBook } from "./budget-book.ts";
import { UNBOUNDED } from "./budget-unit.ts";
import { PromisedWindows } from "./promised-windows.ts";
import { keyOf, limitsWith, StillClock } from "./test-support/budget-lab.ts";

const KEY = keyOf();

it("counts what is promised until it is released, and nothing where nothing bounds it", () => {
  const promised = new PromisedWindows();
  promised.promise("W0-01", { ...UNBOUNDED, tokens: 600 });
  promised.promise("W0-01", { ...UNBOUNDED, tokens: 400 });
  promised.promise("W0-03", { ...UNBOUNDED, tokens: 50 });
  expect([promised.sum("tokens"), promised.sum("usd")]).toEqual([450, 0]);
  promised.release("W0-01");
  expect(promised.sum("tokens")).toBe(50);
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
