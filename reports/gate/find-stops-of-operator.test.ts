import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { interrupted } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { findStops } from "./find-stops.ts";
import { parseStopCondition } from "./stop-condition.ts";

/** The candidate's windows are W0-02, W0-03, W0-06 and W0-07, in the order of their execution. */
const ROWS = rowsOf(FOUR_PAIRS);

/** The same windows with these fields in the final rows of one provider. */
function changed(provider: "base" | "cand", fields: Readonly<Record<string, unknown>>) {
  return rowsOf(
    FOUR_PAIRS.map((pair): SamplePair => ({ ...pair, changes: { [provider]: fields } })),
  );
}

async function operatorStops(rows: readonly Filed[], text: string) {
  const condition = parseStopCondition(text);
  if (condition === null) throw new Error(`Not a condition: ${text}`);
  return findStops(gatherEvidence(await viewOf(rows)), [condition]);
}

describe("an operator's rule", () => {
  it("on tokens counts those of all attempts and halts the experiment", async () => {
    // The costs of the sample's windows are 41,000 tokens together.
    expect(await operatorStops(ROWS, "tokens > 40999")).toEqual([
      {
        provider: null,
        rule: "operator: tokens>40999",
        reason: "The experiment has tokens 41000.",
        release: "Resume without --stop-when 'tokens>40999', or with another limit.",
      },
    ]);
    expect(await operatorStops(ROWS, "tokens>41000")).toEqual([]);
  });

  it("on errors and quality halts the provider that it is about", async () => {
    const rows = changed("cand", { requests: { total: 12, errors: 2, refused: 2 } });
    // Refused requests leave the rate: 2 of 10, in each window.
    expect(await operatorStops(rows, "errors>=0.2")).toMatchObject([
      { provider: "cand", rule: "operator: errors>=0.2", reason: "cand has errors 0.2." },
    ]);
    expect(await operatorStops(rows, "errors>0.2")).toEqual([]);
    // The candidate's scores are 1, 0.5, 1 and 0.75.
    expect(await operatorStops(ROWS, "quality<0.82")).toMatchObject([
      { provider: "cand", reason: "cand has quality 0.8125." },
    ]);
    expect(await operatorStops(ROWS, "quality<0.81")).toEqual([]);
  });

  it("is rounded to four digits when it is said", async () => {
    const rows = changed("base", { requests: { total: 3, errors: 1, refused: 0 } });
    expect(await operatorStops(rows, "errors>0.3")).toMatchObject([
      { provider: "base", reason: "base has errors 0.3333." },
    ]);
  });

  it("on errors counts missing windows, so that a provider that fails for ever is halted", async () => {
    const requests = { total: 6, errors: 6, refused: 0 };
    const rows = changed("cand", { outcome: "infrastructure", quality: null, requests });
    expect(await operatorStops(rows, "errors>0.5")).toMatchObject([
      { provider: "cand", reason: "cand has errors 1." },
    ]);
  });

  it("on quality does not judge what has no score, or is not valid", async () => {
    expect(await operatorStops(rowsOf([]), "quality<=1")).toEqual([]);
    const rows = ROWS.map(([file, row]): Filed =>
      row["window"] === "W0-02" ? [file, { ...row, quality: null }] : [file, row],
    );
    // Without that window the candidate's scores are 0.5, 1 and 0.75.
    expect(await operatorStops(rows, "quality<0.76")).toMatchObject([
      { reason: "cand has quality 0.75." },
    ]);
    const missing = changed("cand", { outcome: "infrastructure", quality: 0 });
    expect(await operatorStops(missing, "quality<0.9")).toEqual([]);
  });
});

describe("an operator's rule on dollars", () => {
  it("counts what is known of every attempt that has ended", async () => {
    const dollars = { amount: null, known: 0.25, unpriced: ["m"], untold: 0, reported: null };
    const priced = changed("cand", { dollars });
    const cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1, attempt: 2 };
    const rows: readonly Filed[] = [
      ...priced,
      ["windows", interrupted(cell, 10, { dollars: { ...dollars, known: 0.125 } })],
    ];
    expect(await operatorStops(rows, "cost_usd>=1.125")).toMatchObject([
      { provider: null, reason: "The experiment has cost_usd 1.125 or more." },
    ]);
    expect(await operatorStops(rows, "cost_usd>1.125")).toEqual([]);
    expect(await operatorStops(ROWS, "cost_usd>0")).toEqual([]);
    // An attempt that has no end yet costs nothing.
    const running = rows.filter(
      ([, row]) => row.record !== "window_finalized" || row["window"] !== "W0-02",
    );
    expect(await operatorStops(running, "cost_usd>=0.875")).toMatchObject([
      { reason: "The experiment has cost_usd 0.875 or more." },
    ]);
  });
});

describe("an operator's rule on a lower bound", () => {
  const known = { amount: 0.25, known: 0.25, unpriced: [], untold: 0, reported: null };
  const tokens = { measure: "tokens", amount: 10, is_lower_bound: false };
  const cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1, attempt: 2 };
  const paid = (end: Readonly<Record<string, unknown>>): readonly Filed[] => [
    ...changed("cand", { dollars: known }).map(([file, row]): Filed =>
      row["provider"] === "base" && row.record === "window_finalized"
        ? [file, { ...row, dollars: known }]
        : [file, row],
    ),
    ["windows", interrupted(cell, 10, { dollars: known, ...end })],
  ];

  it.each([
    ["a model without a price", "cost_usd", { dollars: { ...known, amount: null } }],
    ["an attempt whose dollars nobody counted", "cost_usd", { dollars: undefined }],
    ["an attempt that a crash ended", "cost_usd", { cost: { ...tokens, is_lower_bound: true } }],
    ["an answer without usage", "tokens", { dollars: { ...known, amount: null, untold: 1 } }],
    ["an attempt that its budget ended", "tokens", { outcome: "capped" }],
  ])("decides only what is above its limit: %s", async (_, metric, end) => {
    const above = `${metric}>1`;
    const below = `${metric}<900000`;
    expect(await operatorStops(paid({}), below)).toHaveLength(1);
    expect(await operatorStops(paid(end), below)).toEqual([]);
    expect(await operatorStops(paid(end), below.replace("<", "<="))).toEqual([]);
    expect(await operatorStops(paid(end), above)).toMatchObject([
      { reason: expect.stringMatching(/ or more\.$/u) },
    ]);
  });
});
