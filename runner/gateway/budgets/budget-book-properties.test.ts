import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { BudgetDebited, type BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { BudgetBook } from "./budget-book.ts";
import { budgetStatus } from "./budget-status.ts";
import { SpendingFold, spentSoFar } from "./spending-fold.ts";
import { limitsWith, spentTokens, StillClock, told, tokens } from "./test-support/budget-lab.ts";

const EXPERIMENT = "0123456789ab";
const AGENTS = 5;
const RUNS = { numRuns: 500, seed: 42 };

type Act =
  | { readonly kind: "reserve"; readonly agent: number; readonly estimate: number }
  | { readonly kind: "observe"; readonly pick: number; readonly total: number }
  | { readonly kind: "settle"; readonly pick: number; readonly total: number | null };

const amount = fc.integer({ min: 0, max: 60 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("reserve" as const),
      agent: fc.nat(AGENTS - 1),
      estimate: amount,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("observe" as const), pick: fc.nat(), total: amount }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("settle" as const),
      pick: fc.nat(),
      total: fc.option(amount, { freq: 4 }),
    }),
  },
);

const limit = fc.option(fc.integer({ min: 0, max: 200 }), { freq: 5 });
const setup = fc.record({
  mode: fc.constantFrom("block" as const, "warn" as const),
  overall: limit,
  command: limit,
  windowCap: limit,
  spentBefore: fc.nat(40),
  acts: fc.array(act, { maxLength: 120 }),
});

/** An independent account of what was asked of the book: reservation → agent, estimate, total. */
interface Flight {
  readonly agent: number;
  readonly estimate: number;
  total: number;
  isSettled: boolean;
}

class Run {
  readonly events: BudgetEvent[] = [];
  readonly flights = new Map<string, Flight>();
  readonly refused = new Set<number>();
  /** What a decision of the book was wrong about. */
  readonly violations: string[] = [];
  readonly book: BudgetBook;
  readonly settings: SetupOf;

  constructor(settings: SetupOf) {
    this.settings = settings;
    const { mode, overall, command, spentBefore, windowCap } = settings;
    this.book = new BudgetBook({
      limits: limitsWith({ mode, overall, command }),
      spent: spentTokens(spentBefore),
      clock: new StillClock(),
      onEvent: (event) => this.events.push(event),
    });
    for (let agent = 0; agent < AGENTS; agent += 1) {
      this.book.openAttempt({ key: keyOf(agent), command: "/implement x", windowCap });
    }
  }

  perform(step: Act): void {
    switch (step.kind) {
      case "reserve":
        this.#reserve(step.agent, step.estimate);
        return;
      case "observe": {
        const [reservation, flight] = this.#pick(step.pick);
        if (flight !== undefined) flight.total = Math.max(flight.total, step.total);
        this.book.observe(reservation, tokens(step.total));
        return;
      }
      case "settle": {
        const [reservation, flight] = this.#pick(step.pick);
        if (flight !== undefined) {
          flight.total = Math.max(flight.total, step.total ?? flight.estimate);
          flight.isSettled = true;
        }
        this.book.settle(reservation, told(step.total));
      }
    }
  }

  /** Tokens that the flights of one agent, or of all, have taken or hold. */
  committed(agent?: number): number {
    return [...this.flights.values()]
      .filter((flight) => agent === undefined || flight.agent === agent)
      .reduce(
        (sum, { total, estimate, isSettled }) => sum + Math.max(total, isSettled ? 0 : estimate),
        0,
      );
  }

  /** Tokens that the flights of one agent, or of all, have taken. */
  spent(agent?: number): number {
    return [...this.flights.values()]
      .filter((flight) => agent === undefined || flight.agent === agent)
      .reduce((sum, { total }) => sum + total, 0);
  }

  #reserve(agent: number, asked: number): void {
    const estimate = Math.max(1, asked);
    const expected = this.#expect(agent, estimate);
    const decision = this.book.reserve(keyOf(agent), tokens(asked));
    const fate = decision.admitted ? "admitted" : decision.refusal === null ? "waits" : "refused";
    if (fate !== expected) this.violations.push(`agent ${agent}, ${asked} tokens: ${fate}`);
    if (decision.admitted) {
      this.flights.set(decision.reservation, { agent, estimate, total: 0, isSettled: false });
    } else if (decision.refusal !== null) this.refused.add(agent);
  }

  #expect(agent: number, estimate: number): "admitted" | "waits" | "refused" {
    if (this.settings.mode === "warn") return "admitted";
    if (this.refused.has(agent)) return "refused";
    const committed = { own: this.committed(agent), all: this.committed() };
    if (!this.#passesLimit(committed, estimate)) return "admitted";
    const spent = { own: this.spent(agent), all: this.spent() };
    return this.#passesLimit(spent, estimate) ? "refused" : "waits";
  }

  #passesLimit(taken: { readonly own: number; readonly all: number }, estimate: number): boolean {
    const { overall, command, windowCap, spentBefore } = this.settings;
    const own = taken.own + estimate;
    const all = spentBefore + taken.all + estimate;
    return [
      all > (overall ?? Infinity),
      own > (command ?? Infinity),
      own > (windowCap ?? Infinity),
    ].includes(true);
  }

  #pick(pick: number): [string, Flight | undefined] {
    const open = [...this.flights].filter(([, { isSettled }]) => !isSettled);
    return open[pick % Math.max(1, open.length)] ?? ["none", undefined];
  }
}

type SetupOf = typeof setup extends fc.Arbitrary<infer Value> ? Value : never;

function keyOf(agent: number) {
  return {
    experiment_id: EXPERIMENT,
    window: `W0-0${agent + 1}`,
    attempt: 1,
    provider: "large",
    feature_id: "lru-cache",
    replicate: 1,
    period: 1,
  };
}

function performAll(settings: SetupOf): Run {
  const run = new Run(settings);
  for (const step of settings.acts) run.perform(step);
  return run;
}

describe("any interleaving of requests on several agents", () => {
  it("admits exactly the requests with which spent + reserved is within every limit, and refuses by what is spent alone", () => {
    fc.assert(
      fc.property(setup, (settings) => {
        expect(performAll(settings).violations).toEqual([]);
      }),
      RUNS,
    );
  });

  it("ends with figures that equal an independent account", () => {
    fc.assert(
      fc.property(setup, (settings) => {
        const run = performAll(settings);
        const [overall] = budgetStatus(run.book);
        const used = settings.spentBefore + run.spent();
        expect(overall).toMatchObject({
          used,
          reserved: settings.spentBefore + run.committed() - used,
        });
      }),
      RUNS,
    );
  });

  it("gives the ledger deltas that are never negative and add up to what was spent", () => {
    fc.assert(
      fc.property(setup, (settings) => {
        const run = performAll(settings);
        const debits = run.events.filter((event) => event.record === "budget_debited");
        for (const debit of debits) BudgetDebited.parse(debit);
        expect(debits.reduce((sum, debit) => sum + debit.delta, 0)).toBe(run.spent());
        const spent = spentSoFar(
          run.events,
          new SpendingFold({ experimentId: EXPERIMENT, basis: "uncached" }),
        );
        expect(spent.overall.tokens).toBe(run.committed());
      }),
      RUNS,
    );
  });

  it("passes no limit by more than the overshoots of the requests that were in flight", () => {
    fc.assert(
      fc.property(setup, (settings) => {
        const { overall, spentBefore } = settings;
        fc.pre(settings.mode === "block" && overall !== null && spentBefore <= overall);
        const run = performAll(settings);
        const overshoots = [...run.flights.values()].reduce(
          (sum, { total, estimate }) => sum + Math.max(0, total - estimate),
          0,
        );
        expect(spentBefore + run.spent()).toBeLessThanOrEqual((overall ?? 0) + overshoots);
      }),
      RUNS,
    );
  });
});
