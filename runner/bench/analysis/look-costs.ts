import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { DEFAULT_GATES } from "../../../reports/looks/gate-file.ts";
import type { AnalysedWindow } from "../../../reports/statistics/candidate/window.ts";
import type { Journal } from "../../experiment/spending/journal.ts";
import { createSessionRules } from "../../plan/looks/session-rules.ts";
import { EXPERIMENT, madeUpWindows, PROVIDERS, rowsOf } from "./made-up-windows.ts";

/** What the rules cost after the window that completes a pair, with the ledger's files left out. */
interface LookCosts {
  /** Costs of a look, by its number of pairs. */
  readonly atPairs: ReadonlyMap<number, number>;
  /** Costs of all looks together. */
  readonly totalMs: number;
}

/**
 * A session of as many pairs with looks, gates and stop rules after every window that completes a
 * pair; with `measured` only those looks are taken, and the pairs between come without any.
 */
export async function measureLooks(
  pairs: number,
  clock: () => number,
  measured?: readonly number[],
): Promise<LookCosts> {
  const view = new ExperimentFold(EXPERIMENT);
  const fold = folder(view);
  const windows = madeUpWindows(pairs);
  fold(registrationRows(windows));
  const rules = createSessionRules({
    view,
    store: { read: () => [] },
    journal: journalOf(fold),
    observer: { noted: () => {} },
    gates: DEFAULT_GATES,
    conditions: [],
  });
  const atPairs = new Map<number, number>();
  let totalMs = 0;
  for (let pair = 1; pair <= pairs; pair += 1) {
    const own = windows.slice(2 * pair - 2, 2 * pair);
    fold(own.flatMap((window, index) => rowsOf(window, 2 * pair - 1 + index)));
    if (measured?.includes(pair) === false) continue;
    const before = clock();
    await rules.afterWindow();
    const tookMs = clock() - before;
    atPairs.set(pair, tookMs);
    totalMs += tookMs;
  }
  const looks = view.looks.size;
  if (looks !== atPairs.size) throw new Error(`Took ${String(looks)} looks.`);
  return { atPairs, totalMs };
}

type Fold = (rows: readonly NewRow[]) => readonly Row[];

/** Stamps rows as a store would and folds them. */
function folder(view: ExperimentFold): Fold {
  let seq = 0;
  return (rows) =>
    rows.map((row) => {
      seq += 1;
      const stamped: Row = {
        schema_version: "1.0",
        tool_version: "bench",
        source: "automation",
        agent_id: "bench",
        ...row,
        _v: 1,
        seq,
        prev: "",
        id: `row-${String(seq)}`,
        recorded_at: "2026-01-01T00:00:00.000Z",
        h: "",
      };
      view.fold(stamped);
      return stamped;
    });
}

function journalOf(fold: Fold): Pick<Journal, "write"> {
  return { write: async (_file, rows) => fold(rows) };
}

function registrationRows(windows: readonly AnalysedWindow[]): readonly NewRow[] {
  const features = [...new Set(windows.map(({ feature }) => feature))];
  const assigned = features.map((feature_id, index) => ({
    record: "feature_assigned",
    experiment_id: EXPERIMENT,
    feature_id,
    replicate: 1,
    stratum: "all",
    block: Math.floor(index / 2) + 1,
    sequence: index % 2 === 0 ? "AB" : "BA",
    providers: index % 2 === 0 ? PROVIDERS : PROVIDERS.toReversed(),
  }));
  const registration = {
    providers: PROVIDERS.map((id) => ({ id })),
    analysis: { cost: "tokens", basis: "uncached", comparable: true },
  };
  return [
    ...assigned,
    {
      record: "experiment_registered",
      experiment_id: EXPERIMENT,
      name: "bench",
      seed: "1",
      baseline: PROVIDERS[0],
      scripted: true,
      registration,
      sha256: "0".repeat(64),
    },
  ];
}
