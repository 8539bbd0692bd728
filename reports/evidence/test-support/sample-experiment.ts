import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import {
  appendAll,
  createSampleLedger,
  type Filed,
} from "../../../ledger/views/test-support/sample-ledger.ts";
import {
  assigned,
  type Cell,
  EXPERIMENT,
  finalized,
  opened,
  registered,
  sessionClosed,
  sessionOpened,
} from "../../../ledger/views/test-support/sample-rows.ts";

/** One feature, run by both providers: costs in tokens, quality 0…1. */
export interface SamplePair {
  readonly feature: string;
  readonly order: "AB" | "BA";
  readonly costs: { readonly base: number; readonly cand: number };
  readonly quality?: { readonly base: number; readonly cand: number };
  /** Fields of the final rows that differ from a window that passed. */
  readonly changes?: Readonly<Partial<Record<"base" | "cand", Readonly<Record<string, unknown>>>>>;
}

export const FOUR_PAIRS: readonly SamplePair[] = [
  { feature: "cache", order: "AB", costs: { base: 8000, cand: 4000 } },
  {
    feature: "queue",
    order: "BA",
    costs: { base: 9000, cand: 3000 },
    quality: { base: 1, cand: 0.5 },
  },
  { feature: "rate", order: "AB", costs: { base: 5000, cand: 2000 } },
  {
    feature: "tree",
    order: "BA",
    costs: { base: 6000, cand: 4000 },
    quality: { base: 1, cand: 0.75 },
  },
];

/** The rows of an experiment with these pairs, in the order in which a runner writes them. */
export function rowsOf(pairs: readonly SamplePair[]): readonly Filed[] {
  return [
    ...pairs.map(({ feature, order }): Filed => [
      "assignments",
      assigned(feature, providersIn(order)),
    ]),
    ["experiments", registered()],
    ["experiments", sessionOpened()],
    ...pairs.flatMap((pair, index) => windowRows(pair, index * 2)),
    ["experiments", sessionClosed()],
  ];
}

function providersIn(order: "AB" | "BA"): readonly ("base" | "cand")[] {
  return order === "AB" ? ["base", "cand"] : ["cand", "base"];
}

function windowRows(pair: SamplePair, before: number): readonly Filed[] {
  return providersIn(pair.order).flatMap((provider, index): readonly Filed[] => {
    const executed_order = before + index + 1;
    const window = `W0-${String(executed_order).padStart(2, "0")}`;
    const cell: Cell = { window, provider, feature_id: pair.feature, period: index + 1 };
    const quality = pair.quality?.[provider] ?? 1;
    return [
      ["windows", opened(cell, { executed_order })],
      [
        "windows",
        finalized(cell, pair.costs[provider], {
          executed_order,
          quality,
          outcome: quality === 1 ? "pass" : "partial",
          ...pair.changes?.[provider],
        }),
      ],
    ];
  });
}

/** A view of a fresh ledger with these rows. */
export async function viewOf(rows: readonly Filed[]): Promise<ExperimentFold> {
  const store = createSampleLedger();
  await appendAll(store, rows);
  return openExperimentView(store, EXPERIMENT);
}
