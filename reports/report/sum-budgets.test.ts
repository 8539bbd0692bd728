import { array, assert as assertProperty, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";

import type { Row } from "../../ledger/domain/row.ts";
import { epochMsOf, timestampOf } from "../../ledger/domain/timestamp.ts";
import { parseRow } from "../../ledger/store/envelope.ts";
import type { TakeLine } from "../../ledger/store/store.ts";
import { debited, EXPERIMENT } from "../../ledger/views/test-support/sample-rows.ts";
import { stampRow } from "../../ledger/views/test-support/stamp-row.ts";
import { CELL, lineOf, payload } from "../../ledger/views/test-support/traffic-lines.ts";
import { sumBudgets } from "./sum-budgets.ts";

const START = epochMsOf("2026-11-21T10:00:00.000Z");
const MINUTE = 60_000;

let seq = 0;

function rowAt(minute: number, fields: Readonly<Record<string, unknown>>): Row {
  seq += 1;
  const place = { window: "W0-01", attempt: 1, provider: "base", feature_id: "cache" };
  const key = { experiment_id: EXPERIMENT, ...place, replicate: 1, period: 1, basis: "uncached" };
  const debitOrOther = { record: "budget_debited", ...key, ...fields };
  const row = stampRow(debitOrOther, { seq, id: `row-${String(seq)}` });
  return { ...row, recorded_at: timestampOf(START + minute * MINUTE) };
}

function debit(reservation: string, total: number, changes: object = {}) {
  const amounts = { delta: total, total, overshoot: 0, is_final: true };
  const dollars = { delta_usd: total / 1000, total_usd: total / 1000, overshoot_usd: 0 };
  return {
    reservation,
    command: "/implement",
    role: "implementer",
    ...amounts,
    ...dollars,
    ...changes,
  };
}

const reserve = (reservation: string, tokens: number) => ({
  record: "budget_reserved",
  reservation,
  tokens,
  usd: tokens / 1000,
});

const isCounted = () => true;
const READING = {
  isCounted,
  experimentId: EXPERIMENT,
  periodMs: 60 * MINUTE,
  sessionFromMs: START,
};

describe("what budgets took", () => {
  it("is told by attempt in every unit", () => {
    const time = { delta: 0, total: 0, unit: "minutes", minutes: 4 };
    const { attempts } = sumBudgets(
      () => [
        rowAt(1, reserve("a", 50)),
        rowAt(2, debit("a", 100)),
        rowAt(3, debit("b", 200)),
        rowAt(4, debit("time", 0, { ...time, delta_usd: undefined, total_usd: undefined })),
        rowAt(5, { ...debit("c", 1000), attempt: 2 }),
      ],
      READING,
    );
    const owner = { command: "/implement", role: "implementer" };
    expect(attempts).toEqual([
      {
        ...owner,
        atMs: START + 4 * MINUTE,
        taken: { tokens: 300, usd: expect.closeTo(0.3), minutes: 4 },
      },
      { ...owner, atMs: START + 5 * MINUTE, taken: { tokens: 1000, usd: 1, minutes: 0 } },
    ]);
  });

  it("counts a request in flight with what was set aside, or what it told if that is more", () => {
    const open = { is_final: false };
    const { attempts } = sumBudgets(
      () => [
        rowAt(1, reserve("a", 50)),
        rowAt(1, reserve("b", 50)),
        rowAt(2, debit("a", 20, open)),
        rowAt(2, debit("b", 70, open)),
      ],
      READING,
    );
    expect(attempts.map(({ taken }) => taken.tokens)).toEqual([120]);
  });

  it("is the whole ledger's in a period, and one experiment's otherwise", () => {
    const sums = sumBudgets(
      () => [
        rowAt(1, { ...debit("a", 7), experiment_id: "ba9876543210" }),
        rowAt(2, debit("a", 5)),
      ],
      READING,
    );
    expect(sums.recent.map(({ taken }) => taken.tokens)).toEqual([7, 5]);
    expect(sums.attempts.map(({ taken }) => taken.tokens)).toEqual([5]);
  });

  it("has the pace of the last session alone", () => {
    const { session } = sumBudgets(
      () => [rowAt(-60, debit("a", 900)), rowAt(30, debit("b", 100))],
      READING,
    );
    expect(session).toMatchObject({ taken: { tokens: 100 }, spanMs: 30 * MINUTE });
  });

  it("has no pace before anything was asked", () => {
    expect(sumBudgets(() => [], READING).session.spanMs).toBe(0);
  });
});

describe("the rows that budgets are added up from", () => {
  it("are those that keep their schema", () => {
    const { attempts } = sumBudgets(() => [rowAt(1, debit("a", 1, { total: -5 }))], READING);
    expect(attempts).toEqual([]);
  });

  it("give the same by their lines as whole", () => {
    const anything = array(payload, { minLength: 1, maxLength: 12 });
    const periods = constantFrom(null, 60 * MINUTE);
    assertProperty(
      property(anything, periods, (payloads, periodMs) => {
        const lines = payloads.map((one) => lineOf({ ...one, experiment_id: EXPERIMENT }));
        const reading = { ...READING, periodMs };
        const byLine = sumBudgets((take) => rowsIn(lines, take), reading);
        const byRow = sumBudgets(() => rowsIn(lines, () => false), reading);
        expect(byLine).toStrictEqual(byRow);
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  it("are those that count", () => {
    const lines = [lineOf(debited(CELL, "a", 8))];
    const none = { ...READING, isCounted: () => false };
    expect(sumBudgets((take) => rowsIn(lines, take), none).attempts).toEqual([]);
    expect(sumBudgets((take) => rowsIn(lines, take), READING).attempts).toHaveLength(1);
  });
});

function* rowsIn(lines: readonly string[], take: TakeLine): Generator<Row> {
  for (const line of lines) {
    const row = take(line) ? undefined : parseRow(line);
    if (row !== undefined) yield row;
  }
}
