import { describe, expect, it } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import {
  keyOf,
  limitsWith,
  spentTokens,
  StillClock,
  told,
  tokens,
} from "./test-support/budget-lab.ts";

/** A book with the open attempts W0-01 and W0-02 of `/implement lru-cache`. */
function openBook(
  limits: Parameters<typeof limitsWith>[0],
  { spentBefore = 0, windowCap = null }: { spentBefore?: number; windowCap?: number | null } = {},
) {
  const events: BudgetEvent[] = [];
  const book = new BudgetBook({
    limits: limitsWith(limits),
    spent: spentTokens(spentBefore),
    clock: new StillClock(),
    onEvent: (event) => events.push(event),
  });
  const attempts = ["W0-01", "W0-02"].map((window) =>
    book.openAttempt({ key: keyOf(window), command: "/implement lru-cache", windowCap }),
  );
  const [first, second] = attempts.map(({ key }) => key);
  if (first === undefined || second === undefined) throw new Error("No attempts.");
  return { book, events, first, second };
}

function reserved(
  book: BudgetBook,
  key: Parameters<BudgetBook["reserve"]>[0],
  amount: number,
): string {
  const decision = book.reserve(key, tokens(amount));
  if (!decision.admitted) throw new Error(`Not admitted: ${JSON.stringify(decision)}`);
  return decision.reservation;
}

function overallOf(book: BudgetBook) {
  const overall = book.shared.find(({ unit }) => unit === "tokens");
  if (overall === undefined) throw new Error("No overall budget.");
  return overall;
}

function named(events: readonly BudgetEvent[], record: string) {
  return events.filter((event) => event.record === record);
}

describe("reserving", () => {
  it("sets the estimate aside in every budget and records it", () => {
    const { book, events, first } = openBook({ overall: 100 });
    expect(book.reserve(first, tokens(40))).toEqual({ admitted: true, reservation: "W0-01.1.1" });
    expect(overallOf(book)).toMatchObject({ used: 0, reserved: 40 });
    expect(events).toEqual([
      {
        record: "budget_reserved",
        ...first,
        basis: "uncached",
        reservation: "W0-01.1.1",
        tokens: 40,
      },
    ]);
  });

  it("admits up to the limit exactly and refuses one token more", () => {
    const { book, events, first, second } = openBook({ overall: 100 });
    book.settle(reserved(book, first, 100), told(100));
    expect(book.reserve(second, tokens(1))).toEqual({
      admitted: false,
      refusal: {
        name: "overall",
        scope: "overall",
        unit: "tokens",
        used: 100,
        reserved: 0,
        requested: 1,
        limit: 100,
        freesAtMs: null,
      },
    });
    expect(events.at(-1)).toEqual({
      record: "budget_refused",
      ...second,
      basis: "uncached",
      budget: "overall",
      scope: "overall",
      unit: "tokens",
      used: 100,
      reserved: 0,
      requested: 1,
      limit: 100,
      frees_at: null,
    });
  });

  it("counts what earlier sessions spent", () => {
    const { book, first } = openBook({ overall: 100 }, { spentBefore: 95 });
    expect(book.reserve(first, tokens(6)).admitted).toBe(false);
  });
});

describe("reserving beside requests in flight", () => {
  it("lets a request wait that only they leave no room for, and records nothing", () => {
    const { book, events, first, second } = openBook({ overall: 100 });
    const flight = reserved(book, first, 100);
    expect(book.reserve(second, tokens(1))).toEqual({ admitted: false, refusal: null });
    expect(named(events, "budget_refused")).toEqual([]);
    book.settle(flight, told(60));
    expect(book.reserve(second, tokens(40)).admitted).toBe(true);
  });

  it("refuses at once what has no room even if nothing were in flight", () => {
    const { book, first, second } = openBook({ overall: 100 });
    reserved(book, first, 10);
    expect(book.reserve(second, tokens(101))).toMatchObject({ refusal: { requested: 101 } });
  });
});

describe("limits of an attempt", () => {
  it.each([
    ["command", { command: 50 }, null],
    ["window", {}, 50],
  ] as const)("counts the %s's limit per attempt", (scope, limits, windowCap) => {
    const { book, first, second } = openBook(limits, { windowCap });
    book.settle(reserved(book, first, 50), told(50));
    expect(book.reserve(first, tokens(1))).toMatchObject({ admitted: false, refusal: { scope } });
    expect(book.reserve(second, tokens(50)).admitted).toBe(true);
  });

  it("starts a new attempt at the same window with nothing used", () => {
    const { book, first } = openBook({ command: 50 });
    book.settle(reserved(book, first, 50), told(50));
    book.closeAttempt(first);
    const { key } = book.openAttempt({
      key: keyOf("W0-01", 2),
      command: "/implement x",
      windowCap: null,
    });
    expect(book.reserve(key, tokens(50)).admitted).toBe(true);
  });
});

describe("refusing", () => {
  it("names the overall budget where a command's is spent too", () => {
    const { book, first } = openBook({ overall: 10, command: 10 });
    expect(book.reserve(first, tokens(11))).toMatchObject({ refusal: { scope: "overall" } });
  });

  it("stays refused, also for a request that has room, and records it once", () => {
    const { book, events, first, second } = openBook({ overall: 100 });
    book.settle(reserved(book, second, 90), told(90));
    expect(book.reserve(first, tokens(20)).admitted).toBe(false);
    expect(book.reserve(first, tokens(1)).admitted).toBe(false);
    expect(book.reserve(second, tokens(1)).admitted).toBe(true);
    expect(named(events, "budget_refused")).toHaveLength(1);
    expect(book.findAttempt(first)?.refusal).toMatchObject({ requested: 20 });
  });

  it.each([0, -3, Number.NaN])(
    "takes an estimate of %d for one token, so that 0 means zero",
    (estimate) => {
      const { book, first } = openBook({ overall: 0 });
      expect(book.reserve(first, tokens(estimate)).admitted).toBe(false);
    },
  );

  it("refuses nothing without limits", () => {
    const { book, first } = openBook({});
    expect(book.reserve(first, tokens(1e15)).admitted).toBe(true);
  });

  it("refuses nothing in warn mode", () => {
    const { book, events, first } = openBook({ mode: "warn", overall: 0 }, { windowCap: 0 });
    book.settle(reserved(book, first, 500), told(500));
    expect(book.reserve(first, tokens(500)).admitted).toBe(true);
    expect(named(events, "budget_refused")).toEqual([]);
    expect(named(events, "budget_breached")).toMatchObject([
      { budget: "overall" },
      { budget: "window" },
    ]);
  });

  it("does not know an attempt that was closed", () => {
    const { book, first } = openBook({});
    book.closeAttempt(first);
    expect(() => book.reserve(first, tokens(1))).toThrow("W0-01.1");
  });
});

describe("debiting", () => {
  it("records a cumulative stream as deltas", () => {
    const { book, events, first } = openBook({ overall: 1000 });
    const flight = reserved(book, first, 100);
    book.observe(flight, tokens(30));
    expect(overallOf(book)).toMatchObject({ used: 30, reserved: 70 });
    book.observe(flight, tokens(80));
    book.settle(flight, told(95));
    expect(overallOf(book)).toMatchObject({ used: 95, reserved: 0 });
    expect(named(events, "budget_debited")).toMatchObject([
      { delta: 30, total: 30, overshoot: 0, is_final: false, command: "/implement" },
      { delta: 50, total: 80, overshoot: 0, is_final: false },
      { delta: 15, total: 95, overshoot: 0, is_final: true },
    ]);
  });

  it.each([10, 0, -5, Number.NaN, 2 ** 60])(
    "debits nothing for a total of %d after 30",
    (total) => {
      const { book, events, first } = openBook({ overall: 1000 });
      const flight = reserved(book, first, 100);
      book.observe(flight, tokens(30));
      book.observe(flight, tokens(total));
      expect(named(events, "budget_debited")).toHaveLength(1);
      expect(overallOf(book)).toMatchObject({ used: 30, reserved: 70 });
    },
  );

  it("keeps what was observed where the last total is smaller", () => {
    const { book, events, first } = openBook({ overall: 1000 });
    const flight = reserved(book, first, 100);
    book.observe(flight, tokens(30));
    book.settle(flight, told(10));
    expect(overallOf(book)).toMatchObject({ used: 30, reserved: 0 });
    expect(events.at(-1)).toMatchObject({ delta: 0, total: 30, is_final: true });
  });

  it("records what an answer takes beyond its estimate", () => {
    const { book, events, first, second } = openBook({ overall: 100 });
    const flight = reserved(book, first, 90);
    book.settle(flight, told(130));
    expect(named(events, "budget_debited")).toMatchObject([{ delta: 130, overshoot: 40 }]);
    expect(named(events, "budget_breached")).toMatchObject([
      { budget: "overall", scope: "overall", used: 130, limit: 100 },
    ]);
    expect(book.reserve(second, tokens(1)).admitted).toBe(false);
  });
});

describe("settling", () => {
  it.each([null, Number.NaN, -1, 2 ** 60])(
    "counts the estimate where the total is %d, and marks it",
    (total) => {
      const { book, events, first } = openBook({ overall: 1000 });
      const flight = reserved(book, first, 100);
      book.observe(flight, tokens(30));
      book.settle(flight, told(total));
      expect(overallOf(book)).toMatchObject({ used: 100, reserved: 0 });
      expect(events.at(-1)).toMatchObject({
        delta: 70,
        total: 100,
        is_estimated: true,
        is_final: true,
      });
    },
  );

  it("counts what was observed where that is more than the estimate", () => {
    const { book, first } = openBook({ overall: 1000 });
    const flight = reserved(book, first, 100);
    book.observe(flight, tokens(150));
    book.settle(flight, told(null));
    expect(overallOf(book).used).toBe(150);
  });

  it("settles a reservation once", () => {
    const { book, events, first } = openBook({ overall: 1000 });
    const flight = reserved(book, first, 100);
    book.settle(flight, told(60));
    book.settle(flight, told(90));
    book.observe(flight, tokens(90));
    expect(overallOf(book)).toMatchObject({ used: 60, reserved: 0 });
    expect(named(events, "budget_debited")).toHaveLength(1);
  });

  it("settles what is in flight when its attempt closes", () => {
    const { book, first } = openBook({ overall: 1000 });
    const flight = reserved(book, first, 100);
    book.closeAttempt(first);
    book.settle(flight, told(60));
    expect(overallOf(book)).toMatchObject({ used: 60, reserved: 0 });
  });

  it("keeps the usage with the debit", () => {
    const { book, events, first } = openBook({});
    const usage = { input_uncached: 40, cache_read: 900, output: 20, requests: 1 };
    book.settle(reserved(book, first, 100), { ...told(60), usage });
    expect(events.at(-1)).toMatchObject({ total: 60, usage });
  });
});

describe("warning", () => {
  it("warns once per threshold", () => {
    const { book, events, first } = openBook({ overall: 100 });
    for (const each of [69, 1, 1, 19, 10]) {
      book.settle(reserved(book, first, each), told(each));
    }
    expect(named(events, "budget_warned")).toMatchObject([
      { budget: "overall", threshold_percent: 70, used: 70, limit: 100 },
      { budget: "overall", threshold_percent: 90, used: 90 },
      { budget: "overall", threshold_percent: 100, used: 100 },
    ]);
    expect(named(events, "budget_breached")).toEqual([]);
  });

  it("warns of every threshold that one debit jumps over", () => {
    const { book, events, first } = openBook({ mode: "warn", overall: 100 });
    book.settle(reserved(book, first, 10), told(101));
    book.settle(reserved(book, first, 10), told(50));
    expect(named(events, "budget_warned")).toMatchObject(
      [70, 90, 100].map((threshold_percent) => ({ threshold_percent })),
    );
    expect(named(events, "budget_breached")).toMatchObject([{ used: 101, limit: 100 }]);
  });

  it("warns of a limit of 0 with the first token and not before", () => {
    const { book, events, first } = openBook({ mode: "warn", overall: 0 });
    expect(events).toEqual([]);
    book.settle(reserved(book, first, 10), told(1));
    expect(named(events, "budget_warned")).toHaveLength(3);
  });

  it("does not repeat what an earlier session warned of", () => {
    const { book, events, first } = openBook({ overall: 100 }, { spentBefore: 80 });
    book.settle(reserved(book, first, 10), told(10));
    expect(named(events, "budget_warned")).toMatchObject([{ threshold_percent: 90 }]);
  });

  it("warns of a command's budget in each attempt", () => {
    const { book, events, first, second } = openBook({ command: 100 });
    book.settle(reserved(book, first, 70), told(70));
    book.settle(reserved(book, second, 70), told(70));
    expect(named(events, "budget_warned")).toMatchObject([
      { window: "W0-01", budget: "/implement", scope: "command", threshold_percent: 70 },
      { window: "W0-02", budget: "/implement", scope: "command", threshold_percent: 70 },
    ]);
  });
});
