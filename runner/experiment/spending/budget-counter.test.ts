import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { LedgerStore } from "../../../ledger/store/store.ts";
import { createMemoryStore } from "../../../ledger/store/test-support/memory-store.ts";
import { reservedRow } from "../../gateway/budgets/budget-rows.ts";
import { keyOf } from "../../gateway/budgets/test-support/budget-lab.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { BudgetCounter, openCounter } from "./budget-counter.ts";
import { openJournal } from "./journal.ts";

let state = "";
const open: BudgetCounter[] = [];

beforeEach(() => {
  state = temporaryFolder();
});

afterEach(() => {
  for (const counter of open.splice(0)) counter.close();
});

function start(name: string): BudgetCounter {
  const counter = new BudgetCounter({ state }, name);
  open.push(counter);
  return counter;
}

function rowOf(reservation: string) {
  const key = { ...keyOf(), basis: "uncached" } as const;
  const row = reservedRow(key, { reservation, estimate: { tokens: 1, usd: null } });
  return { ...row, recorded_at: "2026-11-23T06:00:00.000Z" };
}

function write(counter: BudgetCounter, reservation: string): void {
  counter.alone(() => {
    counter.read();
    counter.write(rowOf(reservation));
  });
}

function read(counter: BudgetCounter): readonly unknown[] {
  return counter.alone(() => counter.read()).map((row) => row["reservation" as keyof typeof row]);
}

function makeStore(): LedgerStore {
  return createMemoryStore({ clock: systemClock, agentId: "harness", toolVersion: "0.0.0" });
}

const file = () => path.join(state, "budget-counter.jsonl");
const taken = () => readFileSync(file(), "utf8").split("\n").length - 1;
const journalOf = (store: LedgerStore) => openJournal(store, () => undefined);

describe("a counter of several processes", () => {
  it("shows each the rows of the others, in order, and none of its own", () => {
    const [here, there] = [start("here"), start("there")];
    write(there, "a");
    write(there, "b");
    write(here, "c");
    expect(read(here)).toEqual([]);
    expect(read(there)).toEqual(["c"]);
    expect(read(start("later"))).toEqual(["a", "b", "c"]);
  });

  it("cuts off the line of a process that was killed while it wrote", () => {
    const [here, there] = [start("here"), start("there")];
    write(here, "a");
    appendFileSync(file(), '{"record":"budget_res');
    write(there, "b");
    expect(read(here)).toEqual(["b"]);
    expect(readFileSync(file(), "utf8").split("\n")).toHaveLength(3);
  });

  it("refuses a damaged line, and says what to do", () => {
    const here = start("here");
    appendFileSync(file(), "damage\n");
    expect(() => read(here)).toThrow(/Close every run and proxy of this folder, and remove/);
  });

  it("deals exactly the cap to processes that are killed at any moment", async () => {
    const script = path.join(import.meta.dirname, "test-support/take-from-counter.ts");
    const cap = 3000;
    start("watching");
    for (const killAt of [1, 400, 1100, 1900, null]) {
      const takers = ["a", "b", "c"].map((name) =>
        execa(process.execPath, [script, state, `${name}${String(killAt)}`, String(cap)], {
          reject: killAt === null,
        }),
      );
      if (killAt !== null) {
        await vi.waitUntil(() => taken() >= killAt, { interval: 1, timeout: 120_000 });
        for (const taker of takers) taker.kill("SIGKILL");
      }
      await Promise.all(takers);
    }
    const reservations = read(start("auditor"));
    expect(reservations).toHaveLength(cap);
    expect(new Set(reservations).size).toBe(cap);
  });
});

describe("a counter that is opened", () => {
  it("brings the rows of a killed process into the ledger, once, and starts again", async () => {
    const store = makeStore();
    const journal = journalOf(store);
    const killed = new BudgetCounter({ state }, "killed");
    await journal.write("budgets", [rowWithoutTime("known")]);
    for (const reservation of ["known", "lost", "lost"]) write(killed, reservation);
    killed.close();
    const counter = await openCounter({ state }, "here", journal);
    open.push(counter);
    const reservations = [...store.read("budgets")].map((row) => row["reservation"]);
    expect(reservations).toEqual(["known", "lost", "lost"]);
    expect(readFileSync(file(), "utf8")).toBe("");
    expect(read(counter)).toEqual([]);
  });

  it("keeps its rows while another process is open", async () => {
    const journal = journalOf(makeStore());
    const there = start("there");
    write(there, "a");
    open.push(await openCounter({ state }, "here", journal));
    expect(read(start("later"))).toEqual(["a"]);
  });

  it("leaves no lock file behind", () => {
    start("here");
    for (const counter of open.splice(0)) counter.close();
    expect(readdirSync(state)).toEqual(["budget-counter.jsonl"]);
  });
});

function rowWithoutTime(reservation: string) {
  const { recorded_at: _recordedAt, ...row } = rowOf(reservation);
  return row;
}
