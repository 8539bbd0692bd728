import { deserialize, serialize } from "node:v8";

import { array, assert as assertProperty, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";

import type { Row } from "../domain/row.ts";
import { Usage } from "../domain/usage.ts";
import { ExperimentFold } from "./experiment-fold.ts";
import type { ExperimentView } from "./experiment-view.ts";
import { finalOf, tokensSpent } from "./progress.ts";
import { CELLS, type History, historyOf, interleave, step } from "./test-support/random-history.ts";
import { EXPERIMENT } from "./test-support/sample-rows.ts";

describe("folding rows", () => {
  it("equals, after every row, what the whole history says", () => {
    assertProperty(
      property(array(step, { maxLength: 25 }), (steps) => {
        const history = historyOf(steps);
        const view = new ExperimentFold(EXPERIMENT);
        for (const [index, { row }] of history.entries()) {
          view.fold(row);
          expect(actualOf(view)).toStrictEqual(expectedOf(history.slice(0, index + 1)));
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("does not depend on the order of rows from different files", () => {
    assertProperty(
      property(
        array(step, { maxLength: 25 }),
        array(nat(), { minLength: 25, maxLength: 25 }),
        (steps, choices) => {
          const history = historyOf(steps);
          const view = new ExperimentFold(EXPERIMENT);
          for (const { row } of interleave(history, choices)) view.fold(row);
          expect(actualOf(view)).toStrictEqual(expectedOf(history));
          expect(fateOfEach(view, history)).toStrictEqual(expectedFates(history));
        },
      ),
      { numRuns: 300, seed: 2 },
    );
  });

  it("can be continued from its serialized state", () => {
    assertProperty(
      property(array(step, { maxLength: 25 }), nat(), (steps, choice) => {
        const history = historyOf(steps);
        const rows = history.map(({ row }) => row);
        const split = choice % (rows.length + 1);
        const first = new ExperimentFold(EXPERIMENT);
        for (const row of rows.slice(0, split)) first.fold(row);
        const view = new ExperimentFold(EXPERIMENT, deserialize(serialize(first.state)));
        for (const row of rows.slice(split)) view.fold(row);
        expect(actualOf(view)).toStrictEqual(expectedOf(history));
        expect(fateOfEach(view, history)).toStrictEqual(expectedFates(history));
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

/** What the view finds of each row. */
function fateOfEach(view: ExperimentView, history: readonly History[]) {
  return history.map(({ row: { id, record } }) => {
    const fact = view.findRow(id);
    const window = fact !== undefined && "window" in fact ? fact.window : undefined;
    return { id, record, window, isAlive: view.isAlive(id) };
  });
}

function expectedFates(history: readonly History[]) {
  const living = new Set(livingRows(history).map(({ row }) => row.id));
  return history.map(({ row: { id, record, ...row } }) => ({
    id,
    record,
    window: row["window"],
    isAlive: living.has(id),
  }));
}

/**
 * The same result, computed backwards: a row that is not undone excludes the row that it speaks
 * against.
 */
function livingRows(history: readonly History[]): readonly History[] {
  const undone = new Set<string>();
  const superseded = new Set<string>();
  return history
    .toReversed()
    .filter(({ row, target }) => {
      if (undone.has(row.id)) return false;
      if (target !== undefined) (row.record === "row_undone" ? undone : superseded).add(target);
      return !superseded.has(row.id);
    })
    .toReversed();
}

function expectedOf(history: readonly History[]) {
  const rows = livingRows(history).map(({ row }) => row);
  const of = (record: string) => rows.filter((row) => row.record === record);
  const attempts = CELLS.map((cell) => {
    const own = rows.filter(
      (row) => row["window"] === cell.window && row["attempt"] === (cell.attempt ?? 1),
    );
    const last = (record: string) => own.findLast((row) => row.record === record);
    const sum = (record: string, read: (row: Row) => number) =>
      own.filter((row) => row.record === record).reduce((total, row) => total + read(row), 0);
    return Math.max(
      tokensOf(last("window_interrupted")),
      tokensOf(last("window_finalized")),
      sum("request_proxied", tokensOf),
      sum("budget_debited", (row) => Number(row["delta"])),
    );
  });
  const finals = new Map(of("window_finalized").map((row) => [row["window"], row.id]));
  return {
    spent: attempts.reduce((total, tokens) => total + tokens, 0),
    finals: ["W0-01", "W0-02", "W0-03"].map((window) => finals.get(window)),
    anomalies: of("anomaly_recorded")
      .map(({ id }) => id)
      .toSorted(),
    opened: of("window_opened")
      .map(({ id }) => id)
      .toSorted(),
    requests: of("request_proxied")
      .map(({ id, ...row }) => ({ id, tokens: tokensOf({ id, ...row }), ms: row["latency_ms"] }))
      .toSorted(byId),
    debits: of("budget_debited")
      .map(({ id, ...row }) => ({ id, delta: row["delta"], command: row["command"] }))
      .toSorted(byId),
  };
}

function tokensOf(row: Row | undefined): number {
  return row === undefined ? 0 : (Usage.parse(row["usage"]).input_uncached ?? 0);
}

function actualOf(view: ExperimentView) {
  const attempts = [...view.windows.values()].flatMap((window) => [...window.attempts.values()]);
  return {
    spent: tokensSpent(view, "uncached"),
    finals: ["W0-01", "W0-02", "W0-03"].map((window) => finalOf(view, window)?.id),
    anomalies: [...view.anomalies.keys()].toSorted(),
    opened: attempts.flatMap((attempt) => attempt.opened.map(({ id }) => id)).toSorted(),
    requests: attempts
      .flatMap(({ requests }) => requests)
      .map(({ id, usage, latency_ms: ms }) => ({ id, tokens: usage?.input_uncached ?? 0, ms }))
      .toSorted(byId),
    debits: attempts
      .flatMap(({ debits }) => debits)
      .map(({ id, delta, command }) => ({ id, delta, command }))
      .toSorted(byId),
  };
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}
