import { expect, it } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { sealLine } from "../../../ledger/store/row-line.ts";
import { readTrafficLine } from "../../../ledger/views/traffic-line.ts";
import { BudgetBook } from "./budget-book.ts";
import { crossingRows } from "./budget-rows.ts";
import { keyOf, limitsWith, spentTokens, StillClock } from "./test-support/budget-lab.ts";

const KEY = keyOf();
const ENVELOPE = {
  _v: 1,
  seq: 7,
  prev: "p".repeat(43),
  id: "01a1fdc6-65e3-7030-b15b-1e024be19032",
};
const STAMP = {
  schema_version: "1.0",
  tool_version: "0.1.0",
  source: "automation",
  agent_id: "harness",
  recorded_at: "2026-11-21T11:03:20.294Z",
};

/** As the store writes it. */
function lineOf({ record, ...payload }: BudgetEvent): string {
  return sealLine(JSON.stringify({ ...ENVELOPE, record, ...STAMP, ...payload }).slice(0, -1)).line;
}

it.each([
  { of: "tokens and dollars", usd: 0.0125 },
  { of: "tokens alone", usd: null },
])("the mass of rows, of $of, is written as a view reads it fastest", ({ usd }) => {
  const events: BudgetEvent[] = [];
  const book = new BudgetBook({
    limits: limitsWith({ basis: "billable" }),
    spent: spentTokens(0),
    clock: new StillClock(),
    onEvent: (event) => events.push(event),
  });
  const { key } = book.openAttempt({ key: KEY, command: "/implement lru-cache", windowCap: null });
  const reserving = book.reserve(key, { tokens: 900, usd });
  if (!reserving.admitted) throw new Error("Refused.");
  book.settle(reserving.reservation, { tokens: 1000, usd, model: "claude-sonnet-4-5" });
  expect(events.map(({ record }) => record)).toEqual(["budget_reserved", "budget_debited"]);
  const kinds = events.map((event) => readTrafficLine(lineOf(event))?.record);
  expect(kinds).toEqual(["budget_reserved", "budget_debited"]);
});

it.each([
  { limit: 100, thresholdsPercent: [], isBreach: false, records: [] },
  { limit: 100, thresholdsPercent: [], isBreach: true, records: ["budget_breached"] },
  {
    limit: 100,
    thresholdsPercent: [50, 80],
    isBreach: false,
    records: ["budget_warned", "budget_warned"],
  },
  {
    limit: 100,
    thresholdsPercent: [80],
    isBreach: true,
    records: ["budget_warned", "budget_breached"],
  },
  { limit: null, thresholdsPercent: [80], isBreach: true, records: [] },
])("a crossing $thresholdsPercent of $limit, breached: $isBreach, has rows", (crossing) => {
  const budget = {
    name: "overall",
    scope: "overall",
    unit: "tokens",
    used: 90,
    reserved: 0,
  } as const;
  const rows = crossingRows({ ...KEY, basis: "billable" })({ ...budget, ...crossing });
  expect(rows.map(({ record }) => record)).toEqual(crossing.records);
});
