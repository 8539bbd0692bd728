import { expect, it } from "vitest";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import { SpendingFold, spentSoFar } from "./spending-fold.ts";
import { keyOf } from "./test-support/budget-lab.ts";

const EXPERIMENT = "0123456789ab";
const KEY = { ...keyOf(), command: "/implement", basis: "uncached" } as const;

const RESERVED: BudgetEvent = { record: "budget_reserved", ...KEY, reservation: "r1", tokens: 100 };
const DEBITED: BudgetEvent = {
  record: "budget_debited",
  ...KEY,
  reservation: "r1",
  delta: 80,
  total: 80,
  overshoot: 0,
  is_final: true,
};
const MINUTES: BudgetEvent = {
  ...DEBITED,
  delta: 0,
  total: 0,
  reservation: "minutes",
  unit: "minutes",
  minutes: 2,
};

function spent(rows: readonly (BudgetEvent & { readonly id?: string })[]) {
  const fold = new SpendingFold({ experimentId: EXPERIMENT, basis: "uncached" });
  return spentSoFar(rows, fold).overall;
}

const OTHER = { reservation: "r2" };

it.each([
  { what: "a debit", rows: [DEBITED, DEBITED], tokens: 80 },
  { what: "a reservation", rows: [RESERVED, { ...RESERVED, ...OTHER }], tokens: 100 },
  { what: "a reservation after a debit", rows: [DEBITED, { ...RESERVED, ...OTHER }], tokens: 80 },
  { what: "a debit after a reservation", rows: [RESERVED, { ...DEBITED, ...OTHER }], tokens: 100 },
])("counts $what that has the id of another row not at all", ({ rows, tokens }) => {
  expect(spent(rows.map((row) => ({ ...row, id: "a" }))).tokens).toBe(tokens);
});

it("counts an attempt's minutes once, where their row is there twice", () => {
  const rows = [
    { ...MINUTES, id: "a" },
    { ...MINUTES, id: "a" },
  ];
  expect(spent(rows).minutes).toBe(spent(rows.slice(0, 1)).minutes);
});

it("counts rows of a book, which have no id yet, each by itself", () => {
  expect(spent([DEBITED, { ...DEBITED, reservation: "r2" }]).tokens).toBe(160);
});

it("changes nothing with a twin that comes later", () => {
  const fold = new SpendingFold({ experimentId: EXPERIMENT, basis: "uncached" });
  fold.see({ ...DEBITED, id: "a" });
  const change = { isOwn: true, isOverall: true, was: null, is: null, isFinal: false, minutes: 0 };
  expect(fold.see({ ...DEBITED, id: "a", recorded_at: "2026-11-01T10:00:00.000Z" })).toEqual(
    change,
  );
});
