import { describe, expect, it } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import {
  keyOf,
  allowanceOf,
  limitsWith,
  spentTokens,
  StillClock,
  told,
  tokens,
} from "./test-support/budget-lab.ts";

const KEY = keyOf();

function makeBook(limits: Parameters<typeof limitsWith>[0] = {}, spentBefore = 0) {
  const events: BudgetEvent[] = [];
  const book = new BudgetBook({
    limits: limitsWith({ overall: 100, ...limits }),
    spent: spentTokens(spentBefore),
    clock: new StillClock(),
    onEvent: (event) => events.push(event),
  });
  return { book, events };
}

describe("a window's allowance", () => {
  it.each([
    [120, 40, 40],
    [30, 40, 30],
    [120, null, 120],
    [null, 40, 40],
    [null, null, null],
    [120, 0, 0],
  ])(
    "is, of the window's cap %j and the command's limit %j, the least: %j",
    (windowCap, limit, least) => {
      const { book } = makeBook({ command: limit });
      const work = { command: "/Implement lru-cache", windowCap };
      expect(book.allowance(work)).toEqual(allowanceOf(least));
    },
  );
});

describe("fits", () => {
  it.each([
    [100, 0, true],
    [101, 0, false],
    [20, 80, true],
    [21, 80, false],
    [null, 99, true],
    [null, 100, false],
    [0, 100, false],
    [1, 130, false],
  ])("says about an allowance of %j with %i of 100 spent: %j", (allowance, spentBefore, fits) => {
    expect(makeBook({}, spentBefore).book.fits(allowanceOf(allowance)).fits).toBe(fits);
  });

  it.each([{ mode: "warn" }, { overall: null }] as const)("says yes with %j", (limits) => {
    expect(makeBook(limits, 1000).book.fits(allowanceOf(1000))).toEqual({ fits: true });
  });
});

describe("what is left while attempts are open", () => {
  it("leaves the open attempts what they may still take", () => {
    const { book } = makeBook({});
    book.openAttempt({ key: KEY, command: "/implement", windowCap: 60 });
    expect(book.fits(allowanceOf(40)).fits).toBe(true);
    expect(book.fits(allowanceOf(41))).toMatchObject({
      fits: false,
      mayFitLater: true,
      refusal: { reserved: 60 },
    });
  });

  it("counts an attempt's tokens once, whether used, reserved or still to come", () => {
    const { book } = makeBook({});
    book.openAttempt({ key: KEY, command: "/implement", windowCap: 60 });
    const decision = book.reserve(KEY, tokens(20));
    if (decision.admitted) book.observe(decision.reservation, tokens(10));
    expect(book.fits(allowanceOf(40)).fits).toBe(true);
    expect(book.fits(allowanceOf(41)).fits).toBe(false);
  });

  it("frees what a closed attempt did not take", () => {
    const { book } = makeBook({});
    book.openAttempt({ key: KEY, command: "/implement", windowCap: 60 });
    const decision = book.reserve(KEY, tokens(20));
    if (decision.admitted) book.settle(decision.reservation, told(15));
    book.closeAttempt(KEY);
    expect(book.fits(allowanceOf(85)).fits).toBe(true);
    expect(book.fits(allowanceOf(86))).toMatchObject({ fits: false, mayFitLater: false });
  });

  it("frees what a refused attempt can't take any more", () => {
    const { book } = makeBook({});
    book.openAttempt({ key: KEY, command: "/implement", windowCap: 60 });
    expect(book.reserve(KEY, tokens(61)).admitted).toBe(false);
    expect(book.fits(allowanceOf(100)).fits).toBe(true);
  });
});

describe("a window that did not fit", () => {
  it("is recorded as a refusal of the window when the session ends over it", () => {
    const { book, events } = makeBook({}, 80);
    const fit = book.fits(allowanceOf(30));
    if (!fit.fits) book.refuseWindow(KEY, fit.refusal);
    expect(events).toEqual([
      {
        record: "budget_refused",
        ...KEY,
        basis: "uncached",
        budget: "overall",
        scope: "overall",
        unit: "tokens",
        used: 80,
        reserved: 0,
        requested: 30,
        limit: 100,
        frees_at: null,
      },
    ]);
  });
});
