import { afterEach, beforeEach, expect, it } from "vitest";

import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { keyOf, told, tokens } from "../../gateway/budgets/test-support/budget-lab.ts";
import { loadConfiguration } from "../../plan/config/load-configuration.ts";
import { processEnvironment, systemClock } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { type BudgetCounter, openCounter } from "./budget-counter.ts";
import { type Journal, openJournal } from "./journal.ts";
import { openBook } from "./open-book.ts";
import type { OtherSpenders } from "./other-spenders.ts";

let folder = "";
const stores: LedgerStore[] = [];
const counters: BudgetCounter[] = [];

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  for (const counter of counters.splice(0)) counter.close();
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

/** One process on the ledger, with what its terminal shows. */
interface Process {
  readonly book: BudgetBook;
  readonly journal: Journal;
  readonly others: OtherSpenders;
  readonly said: readonly string[];
}

async function start(owner: string, overallTokenBudget = "100"): Promise<Process> {
  const store = await openJsonlStore({
    folder,
    clock: systemClock,
    agentId: "harness",
    toolVersion: "0.0.0",
  });
  stores.push(store);
  const journal = openJournal(store, () => undefined);
  const environment = { ...processEnvironment(), cwd: folder, variables: {} };
  const said: string[] = [];
  const counter = await openCounter({ state: folder }, owner, journal);
  counters.push(counter);
  const { book, others } = openBook({
    configuration: loadConfiguration({ overallTokenBudget }, environment),
    experimentId: keyOf().experiment_id,
    journal,
    counter,
    clock: systemClock,
    owner,
    say: (sentence) => void said.push(sentence),
  });
  book.openAttempt({ key: keyOf(), command: "/implement", windowCap: null });
  return { book, journal, others, said };
}

function take({ book }: Process, amount: number): void {
  const decision = book.reserve(keyOf(), tokens(1));
  if (decision.admitted) book.settle(decision.reservation, told(amount));
}

function percentsIn(): readonly unknown[] {
  return [...(stores[0]?.read("budgets") ?? [])]
    .filter(({ record }) => record === "budget_warned")
    .map((row) => row["threshold_percent"]);
}

it("tells once of a threshold that two processes reach in the same moment", async () => {
  const both = [await start("here"), await start("there")];
  for (const one of both) take(one, 75);
  await Promise.all(both.map(({ journal }) => journal.settled()));
  expect(percentsIn().filter((percent) => percent === 70)).toEqual([70]);
  const sentences = both.flatMap(({ said }) => said);
  expect(sentences.filter((sentence) => sentence.includes("70 %"))).toHaveLength(1);
});

it("warns about each limit separately if two processes have different ones", async () => {
  const both = [await start("here"), await start("there", "105")];
  for (const one of both) take(one, 75);
  await Promise.all(both.map(({ journal }) => journal.settled()));
  expect(percentsIn().filter((percent) => percent === 70)).toEqual([70, 70]);
});

it("warns once about a threshold that another process has reached with a running request", async () => {
  const [here, there] = [await start("here"), await start("there")];
  const decision = here.book.reserve(keyOf(), tokens(1));
  const reservation = decision.admitted ? decision.reservation : "";
  here.book.observe(reservation, tokens(92));
  await here.journal.settled();
  there.others.catchUp();
  here.book.settle(reservation, told(95));
  await here.journal.settled();
  there.others.catchUp();
  await there.journal.settled();
  expect(percentsIn()).toEqual([70, 90]);
});

it("says nothing of another's warnings when it comes to what it reaches later", async () => {
  const [here, there] = [await start("here"), await start("there")];
  take(here, 75);
  await here.journal.settled();
  there.others.catchUp();
  take(there, 20);
  await there.journal.settled();
  expect(percentsIn()).toEqual([70, 90]);
});
