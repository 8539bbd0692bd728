import {
  type Arbitrary,
  array,
  assert as assertProperty,
  constantFrom,
  integer,
  property,
  record,
  sample,
} from "fast-check";
import { describe, expect, it } from "vitest";

import type { LookTaken } from "../../ledger/domain/look.ts";
import type { NewRow, Row } from "../../ledger/domain/row.ts";
import { proxiedRequest } from "../../ledger/domain/test-support/proxied-request.ts";
import { ExperimentFold } from "../../ledger/views/experiment-fold.ts";
import {
  assigned,
  EXPERIMENT,
  finalized,
  interrupted,
  opened,
  registered,
  sessionOpened,
  undone,
} from "../../ledger/views/test-support/sample-rows.ts";
import { stampRow } from "../../ledger/views/test-support/stamp-row.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { LookMemory } from "../looks/look-memory.ts";
import { readRules, type RulesAtMoment } from "./rules-at-moment.ts";

/** What happens at one window, and afterwards to a window before it. */
interface Happening {
  readonly cost: number;
  readonly quality: number;
  readonly outcome: "pass" | "partial" | "capped" | "infrastructure";
  readonly interruptions: number;
  readonly latencyMs: number;
  readonly afterwards: "nothing" | "amended" | "regraded" | "undone" | "request";
  /** How many final rows ago. */
  readonly ago: number;
}

const happening: Arbitrary<Happening> = record({
  cost: integer({ min: 100, max: 9000 }),
  quality: constantFrom(0, 0.5, 0.8, 1),
  outcome: constantFrom("pass", "pass", "pass", "partial", "capped", "infrastructure"),
  interruptions: constantFrom(0, 0, 0, 1),
  latencyMs: integer({ min: 0, max: 4000 }),
  afterwards: constantFrom(
    "nothing",
    "nothing",
    "nothing",
    "amended",
    "regraded",
    "undone",
    "request",
  ),
  ago: integer({ min: 0, max: 12 }),
});

const INPUT = { gates: DEFAULT_GATES, backlogReadyBlocked: 0 };
const LUCKY = { outcome: "pass", afterwards: "nothing" } as const;

/** A ledger that takes rows in, and its rows so far. */
class Ledger {
  readonly rows: Row[] = [];
  readonly view = new ExperimentFold(EXPERIMENT);

  write(rows: readonly NewRow[]): readonly Row[] {
    const written = rows.map((row, index) => {
      const seq = this.rows.length + index + 1;
      return stampRow(row, { seq, id: `row-${String(seq)}` });
    });
    this.rows.push(...written);
    for (const row of written) this.view.fold(row);
    return written;
  }

  /** A fold that shares nothing with the first. */
  again(): ExperimentFold {
    const view = new ExperimentFold(EXPERIMENT);
    for (const row of structuredClone(this.rows)) view.fold(row);
    return view;
  }
}

interface Plan {
  readonly happenings: readonly Happening[];
  /** With several, a later pair changes the value of an earlier feature. */
  readonly replicates: number;
  /** After how many windows each the full analysis is done. */
  readonly checkedEvery: number;
}

function windowsOf({ happenings, replicates }: Plan) {
  return happenings.map((happens, index) => {
    const pair = Math.floor(index / 2);
    const order = pair % 3 === 0 ? (["base", "cand"] as const) : (["cand", "base"] as const);
    const cell = {
      window: `W0-${String(index).padStart(4, "0")}`,
      provider: order[index % 2] ?? "base",
      feature_id: `f${String(Math.floor(pair / replicates)).padStart(3, "0")}`,
      replicate: (pair % replicates) + 1,
      period: (index % 2) + 1,
    };
    return { happens, cell, order };
  });
}

type Worked = ReturnType<typeof windowsOf>[number];

function rowsOfWindow({ happens, cell }: Worked, order: number): readonly NewRow[] {
  const { cost, quality, outcome, interruptions, latencyMs } = happens;
  const isMissing = outcome === "infrastructure";
  const attempt = interruptions + 1;
  const executed_order = order + 1;
  const requests = [0, 1, 2, 3, 4, 5].map((index) =>
    proxiedRequest({
      ...cell,
      experiment_id: EXPERIMENT,
      attempt,
      latency_ms: latencyMs + 90 * index,
      status: index === cost % 9 ? 500 : 200,
    }),
  );
  return [
    ...(interruptions === 0
      ? []
      : [opened(cell, { executed_order, attempt: 1 }), interrupted(cell, cost, { attempt: 1 })]),
    opened(cell, { executed_order, attempt }),
    ...requests,
    finalized(cell, cost, {
      executed_order,
      attempt,
      outcome,
      quality: isMissing ? null : quality,
    }),
  ];
}

/** A final row with the id that it was given. */
interface Final {
  readonly id: string;
  readonly row: NewRow;
}

/** How an earlier window changes after this one. */
function changesAfter(
  { afterwards, ago, cost, quality }: Happening,
  finals: readonly Final[],
): readonly NewRow[] {
  const { id, row } = finals[finals.length - 1 - (ago % finals.length)] ?? {};
  if (id === undefined || row === undefined) return [];
  switch (afterwards) {
    case "nothing":
      return [];
    case "undone":
      return [undone(id)];
    case "amended":
      return [{ ...row, supersedes: id, cost: { ...Object(row["cost"]), amount: cost } }];
    case "regraded":
      return [{ ...row, supersedes: id, quality: row["quality"] === null ? null : quality }];
    case "request": {
      // An answer that came late.
      const { window, provider, attempt } = row;
      return [{ ...proxiedRequest({ latency_ms: cost }), window, provider, attempt }];
    }
  }
}

/** What the growing analysis and the full one say at each check. */
function compareLooks(plan: Plan) {
  const compared: { readonly growing: unknown; readonly full: unknown }[] = [];
  const ledger = new Ledger();
  const windows = windowsOf(plan);
  const pairs = windows.filter(({ cell }) => cell.period === 1);
  ledger.write([
    ...pairs.map(({ cell: { feature_id, replicate }, order }) =>
      assigned(feature_id, order, { replicate }),
    ),
    registered(),
    sessionOpened(),
  ]);
  const memory = new LookMemory();
  const finals: Final[] = [];
  const write = (rows: readonly NewRow[]) => {
    const written = ledger.write(rows);
    const both = written.map(({ id }, index) => ({ id, row: rows[index] }));
    finals.push(...both.filter((one): one is Final => one.row?.record === "window_finalized"));
  };
  for (const [index, worked] of windows.entries()) {
    write(rowsOfWindow(worked, index));
    write(changesAfter(worked.happens, finals));
    const rules = readRules(ledger.view, memory);
    const looks = rules.takeLooks(DEFAULT_GATES);
    if ((index + 1) % plan.checkedEvery === 0) {
      const full = readRules(ledger.again());
      const taken = full.takeLooks(DEFAULT_GATES);
      compared.push({ growing: saidBy(rules, looks), full: saidBy(full, taken) });
    }
    ledger.write(looks);
    rules.decide(INPUT);
  }
  return {
    looks: ledger.view.looks.size,
    growing: compared.map(({ growing }) => growing),
    full: compared.map(({ full }) => full),
  };
}

function saidBy(rules: RulesAtMoment, taken: readonly LookTaken[]) {
  const now = rules.looksNow(DEFAULT_GATES);
  return { taken, now, stops: rules.findStops([]), decisions: rules.decide(INPUT) };
}

describe("looks that take in new pairs only", () => {
  it.each([1, 2])(
    "are those of the full analysis, whatever becomes of earlier windows, with %i replicates",
    (replicates) => {
      const unlucky = property(array(happening, { minLength: 8, maxLength: 24 }), (happenings) => {
        // The first pair makes sure of a look.
        const first = happenings.slice(0, 2).map((one) => ({ ...one, ...LUCKY }));
        const all = [...first, ...happenings.slice(2)];
        const { looks, growing, full } = compareLooks({
          happenings: all,
          replicates,
          checkedEvery: 1,
        });
        expect(looks).toBeGreaterThan(0);
        expect(growing).toStrictEqual(full);
      });
      assertProperty(unlucky, { numRuns: 5, seed: 42 });
    },
  );

  it.each(["regraded", "request"] as const)(
    "are those of the full analysis beyond 32 pairs, whose signs are flipped at random, with a %s after each window",
    (afterwards) => {
      const happenings = sample(happening, { numRuns: 84, seed: 7 });
      const all = happenings.map((one) => ({ ...one, outcome: "pass" as const, afterwards }));
      const { growing, full } = compareLooks({ happenings: all, replicates: 1, checkedEvery: 21 });
      expect(growing).toHaveLength(4);
      expect(growing).toStrictEqual(full);
    },
  );
});
