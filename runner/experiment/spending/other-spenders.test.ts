import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import type { BudgetLimits } from "../../gateway/budgets/budget-limits.ts";
import { SpendingFold, spentSoFar } from "../../gateway/budgets/spending-fold.ts";
import {
  keyOf,
  limitsWith,
  StillClock,
  told,
  tokens,
} from "../../gateway/budgets/test-support/budget-lab.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { AheadRows, BudgetCounter } from "./budget-counter.ts";
import { type Journal, openJournal } from "./journal.ts";
import { OtherSpenders } from "./other-spenders.ts";

const HOUR_MS = 3_600_000;
const PERIOD = { scope: "period", name: "period", unit: "tokens", limit: 1000 } as const;
const LIMITS = limitsWith({ overall: 1000, more: [PERIOD], periodMs: 5 * HOUR_MS });
const BOTH = { window: "W0-01", attempt: 1 };

/** One process: its store, its book, and what it takes in of others. */
interface Process {
  readonly store: LedgerStore;
  readonly journal: Journal;
  readonly book: BudgetBook;
  readonly others: OtherSpenders;
  readonly counter: BudgetCounter;
}

let folder = "";
const clock = new StillClock();
const open: LedgerStore[] = [];
const counters: BudgetCounter[] = [];

beforeEach(() => {
  folder = temporaryFolder();
  clock.ms = 10 * HOUR_MS;
});

afterEach(async () => {
  for (const counter of counters.splice(0)) counter.close();
  await Promise.all(open.splice(0).map((store) => store.close()));
});

async function start({
  limits = LIMITS,
  experiment = "0123456789ab",
  owner = "",
  post = (write) => write(),
  onWarned = () => undefined,
}: {
  limits?: BudgetLimits;
  experiment?: string;
  owner?: string;
  post?: (write: () => void) => void;
  onWarned?: (warning: string) => void;
} = {}): Promise<Process> {
  const store = await openJsonlStore({ folder, clock, agentId: "harness", toolVersion: "0.0.0" });
  open.push(store);
  const journal = openJournal(store, () => undefined);
  const counter = new BudgetCounter({ state: folder }, String(counters.push()));
  counters.push(counter);
  const ahead = new AheadRows(counter.alone(() => counter.read()));
  const fold = new SpendingFold({ experimentId: experiment, basis: "uncached" });
  const { rows, end: position } = store.readFrom("budgets");
  const known = [...rows];
  for (const row of known) ahead.take(row);
  const book = new BudgetBook({
    limits,
    spent: spentSoFar([...known, ...ahead.rows()], fold),
    clock,
    ...(owner === "" ? {} : { owner }),
    openElsewhere: () => others.openElsewhere(),
    onEvent: (event) => {
      others.posted(event);
      if (event.record === "budget_warned") onWarned(`${event.budget} ${event.threshold_percent}`);
      post(() => journal.post("budgets", [event]));
    },
  });
  const lastSeq = known.at(-1)?.seq ?? 0;
  const others = new OtherSpenders({
    ledger: store,
    book,
    fold,
    position,
    lastSeq,
    counter,
    ahead,
    isShared: false,
    clock,
  });
  book.openAttempt({
    key: { ...keyOf(), experiment_id: experiment },
    command: "/implement",
    windowCap: null,
  });
  return { store, journal, book, others, counter };
}

/** The rows of a request that another program makes. */
function rowsOf(estimate: number): readonly BudgetEvent[] {
  const rows: BudgetEvent[] = [];
  const book = new BudgetBook({ limits: LIMITS, clock, onEvent: (row) => rows.push(row) });
  book.openAttempt({ key: keyOf(), command: "/implement", windowCap: null });
  book.reserve(BOTH, tokens(estimate));
  return rows;
}

/** Tokens used overall and of the period. */
function used({ book }: Process): readonly number[] {
  return book.shared.filter(({ unit }) => unit === "tokens").map((account) => account.used);
}

function reserve({ book }: Process, estimate: number): string {
  const decision = book.reserve(BOTH, tokens(estimate));
  return decision.admitted ? decision.reservation : "refused";
}

describe("two processes on one ledger", () => {
  it("count each other's requests, first with their reservations and then with what they took", async () => {
    const [here, there] = [await start(), await start()];
    const reservation = reserve(there, 300);
    await there.journal.settled();
    here.others.catchUp();
    expect(used(here)).toEqual([300, 300]);
    there.book.settle(reservation, told(120));
    await there.journal.settled();
    here.others.catchUp();
    expect(used(here)).toEqual([120, 120]);
    expect(used(there)).toEqual([120, 120]);
  });

  it("count themselves once, also where both work on windows of the same name", async () => {
    const [here, there] = [await start(), await start()];
    for (const one of [here, there, here]) one.book.settle(reserve(one, 100), told(100));
    await Promise.all([here.journal.settled(), there.journal.settled()]);
    for (const one of [here, there]) {
      one.others.catchUp();
      one.others.catchUp();
      expect(used(one)).toEqual([300, 300]);
    }
  });

  it("refuse what the other has left no room for", async () => {
    const [here, there] = [await start(), await start()];
    there.book.settle(reserve(there, 100), told(950));
    await there.journal.settled();
    expect(here.book.fits({ tokens: 100, usd: null, minutes: null }).fits).toBe(true);
    here.others.catchUp();
    expect(here.book.fits({ tokens: 100, usd: null, minutes: null }).fits).toBe(false);
    expect(reserve(here, 100)).toBe("refused");
  });

  it("share the period alone where they are of different experiments", async () => {
    const [here, there] = [await start(), await start({ experiment: "manual" })];
    there.book.settle(reserve(there, 100), told(400));
    await there.journal.settled();
    here.others.catchUp();
    expect(used(here)).toEqual([0, 400]);
    clock.ms += 5 * HOUR_MS;
    expect(used(here)).toEqual([0, 0]);
  });

  it("know as much as one that starts now", async () => {
    const [here, there] = [await start(), await start()];
    const late = reserve(there, 70);
    await there.journal.settled();
    const newcomer = await start();
    clock.ms += HOUR_MS;
    there.book.settle(late, told(90));
    reserve(there, 40);
    here.book.settle(reserve(here, 10), told(5));
    await Promise.all([here.journal.settled(), there.journal.settled()]);
    const now = used(await start());
    for (const one of [newcomer, here]) one.others.catchUp();
    expect(used(newcomer)).toEqual(now);
    expect(used(here)).toEqual(now);
    expect(now).toEqual([90 + 40 + 5, 90 + 40 + 5]);
  });
});

describe("two processes with requests in flight", () => {
  it("wait for what the other has in flight, and take over how large answers are", async () => {
    const [here, there] = [await start(), await start()];
    const reservation = reserve(there, 950);
    here.others.catchUp();
    expect(here.book.reserve(BOTH, tokens(100))).toEqual({ admitted: false, refusal: null });
    there.book.settle(reservation, { ...told(200), usage: { output: 5000, requests: 1 } });
    here.others.catchUp();
    expect(here.book.outputToReserve(keyOf(), null)).toBe(5000);
    expect(reserve(here, 100)).not.toBe("refused");
    const later = await start();
    expect(later.book.outputToReserve(keyOf(), null)).toBe(5000);
    expect(later.book.reserve(BOTH, tokens(750))).toEqual({ admitted: false, refusal: null });
  });

  it("count as spent what a process had in flight that has ended", async () => {
    const [here, there] = [await start(), await start()];
    reserve(there, 950);
    await there.journal.settled();
    here.others.catchUp();
    there.counter.close();
    counters.splice(counters.indexOf(there.counter), 1);
    expect(here.book.reserve(BOTH, tokens(100))).toMatchObject({ refusal: { used: 950 } });
  });
});

describe("a process that takes in what others spend", () => {
  it("counts a decision before the ledger has it, and once", async () => {
    const late: (() => void)[] = [];
    const here = await start();
    const there = await start({ post: (write) => void late.push(write) });
    there.book.settle(reserve(there, 100), told(120));
    here.others.catchUpAtTimes();
    expect(used(here)).toEqual([120, 120]);
    for (const write of late) write();
    await there.journal.settled();
    clock.ms += 1000;
    here.others.catchUpAtTimes();
    expect(used(here)).toEqual([120, 120]);
    expect(used(await start())).toEqual([120, 120]);
  });

  it("looks into the ledger at most once a second for rows that the counter lacks", async () => {
    const here = await start();
    here.others.catchUpAtTimes();
    const { budget_reserved: reserved } = Object.groupBy(rowsOf(100), ({ record }) => record);
    await here.journal.write("budgets", reserved ?? []);
    clock.ms += 999;
    here.others.catchUpAtTimes();
    expect(used(here)).toEqual([0, 0]);
    clock.ms += 1;
    here.others.catchUpAtTimes();
    expect(used(here)).toEqual([100, 100]);
  });

  it("reads nothing where nothing is limited over all attempts", async () => {
    const [here, there] = [await start({ limits: limitsWith({ command: 50 }) }), await start()];
    there.book.settle(reserve(there, 100), told(100));
    await there.journal.settled();
    here.others.catchUp();
    expect(used(here)).toEqual([0]);
  });
});

describe("two processes that are limited alike", () => {
  it("count themselves once, also where a row is written late that would say what another's says", async () => {
    const late: (() => void)[] = [];
    const here = await start({ owner: "here", post: (write) => void late.push(write) });
    const there = await start({ owner: "there" });
    const waiting = reserve(here, 100);
    there.book.settle(reserve(there, 100), told(120));
    await there.journal.settled();
    here.others.catchUp();
    expect(used(here)).toEqual([120, 120]);
    here.book.settle(waiting, told(130));
    for (const write of late) write();
    await here.journal.settled();
    for (const one of [here, there]) {
      one.others.catchUp();
      expect(used(one)).toEqual([250, 250]);
    }
  });

  it("warn of what the other has taken, and not of what it may come to take", async () => {
    const warned: unknown[] = [];
    const [here, there] = [await start({ onWarned: (one) => warned.push(one) }), await start()];
    const reservation = reserve(there, 950);
    await there.journal.settled();
    here.others.catchUp();
    expect(warned).toEqual([]);
    there.book.settle(reservation, told(720));
    await there.journal.settled();
    here.others.catchUp();
    here.others.catchUp();
    expect(warned).toEqual(["overall 70", "period 70"]);
  });
});

/** Minutes used overall, as of now. */
function minutesOf({ book, others }: Process): number | undefined {
  others.catchUp();
  book.checkTime(BOTH);
  return book.shared.find(({ unit }) => unit === "minutes")?.used;
}

describe("two processes at work on one window", () => {
  const MINUTES = { scope: "overall", name: "overall", unit: "minutes", limit: 60 } as const;
  const limits = limitsWith({ more: [MINUTES] });

  it("count its minutes once while both are open", async () => {
    const [here, there] = [await start({ limits }), await start({ limits })];
    const reservation = reserve(there, 100);
    await there.journal.settled();
    clock.ms += HOUR_MS / 6;
    there.book.settle(reservation, told(100));
    await there.journal.settled();
    expect(minutesOf(here)).toBe(HOUR_MS / 6);
    expect(minutesOf(there)).toBe(HOUR_MS / 6);
  });

  it("count what one of them took before the other came", async () => {
    const there = await start({ limits });
    const reservation = reserve(there, 100);
    await there.journal.settled();
    clock.ms += HOUR_MS / 6;
    there.book.settle(reservation, told(100));
    await there.journal.settled();
    const here = await start({ limits });
    clock.ms += HOUR_MS / 6;
    expect(minutesOf(here)).toBe(HOUR_MS / 3);
    expect(minutesOf(there)).toBe(HOUR_MS / 3);
  });

  it("count the minutes of another window in addition to theirs", async () => {
    const [here, there] = [await start({ limits }), await start({ limits })];
    there.book.openAttempt({ key: keyOf("W0-02"), command: "/implement", windowCap: null });
    const decision = there.book.reserve({ window: "W0-02", attempt: 1 }, tokens(100));
    await there.journal.settled();
    clock.ms += HOUR_MS / 6;
    if (decision.admitted) there.book.settle(decision.reservation, told(100));
    await there.journal.settled();
    expect(minutesOf(here)).toBe(HOUR_MS / 3);
  });
});
