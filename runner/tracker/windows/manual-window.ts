import { MANUAL, MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import type { Meter } from "../../../ledger/domain/meter.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { MAIN_AGENT } from "../../../ledger/domain/window.ts";
import {
  type AttemptKey,
  type ChurnFact,
  type FinalizedFact,
  latestOf,
  type SnapshotFact,
} from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { type ManualReadings, readingsOf } from "../../../reports/evidence/window-lacks.ts";

/** One agent's attempt at one provider's window. */
export interface ManualWindow {
  readonly agent: string;
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
}

export type Phase = "before" | "after";

/** The rows of a window that count now. A capture without a readable meter is not a reading. */
export interface ManualWindowRows extends ManualReadings {
  /** Captures without a single meter. */
  readonly unreadable: readonly SnapshotFact[];
  readonly final: FinalizedFact | undefined;
  readonly churn: ChurnFact | undefined;
}

/** In manual windows each provider works a feature once, in no designed order. */
const PLACE = { replicate: 1, period: 1 };

export function rowsOfWindow(view: ExperimentView, key: ManualWindow): ManualWindowRows {
  const all = [...view.snapshots.values()].filter((one) => isOf(one, key));
  const attempts = view.windows.get(MANUAL.windowKey(rowKey(key)))?.attempts;
  return {
    ...readingsOf(all),
    unreadable: all.filter(({ meters }) => meters.length === 0),
    final: latestOf(attempts?.get(key.attempt)?.finalized ?? []),
    churn: latestOf([...view.churns.values()].filter((one) => isOf(one, key))),
  };
}

/** Readings, churns and completions that count. */
export function rowsThatCount(
  view: ExperimentView,
): readonly (SnapshotFact | ChurnFact | FinalizedFact)[] {
  return [...view.snapshots.values(), ...view.churns.values(), ...completionsIn(view)];
}

/** The attempts of all agents and providers at a window, by agent; none if no row names it. */
export function manualWindows(view: ExperimentView, window: string): readonly ManualWindow[] {
  const keys = new Map(
    rowsThatCount(view)
      .filter((row) => row.window === window)
      .map((row) => [idOfRow(row), keyOf(row)]),
  );
  return [...keys].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, key]) => key);
}

export function completionsIn(view: ExperimentView): readonly FinalizedFact[] {
  return [...view.windows.values()]
    .flatMap(({ attempts }) => [...attempts.values()])
    .flatMap(({ finalized }) => finalized);
}

/** The feature, if any row of the window names it. */
export function featureOf({ before, after, final, churn }: ManualWindowRows): string | null {
  const named = [final, after, before, churn].map((row) => row?.feature_id ?? null);
  return named.find((feature) => feature !== null) ?? null;
}

/** The fields that every row of the window has. */
export function keyFields<Feature extends string | null>(key: ManualWindow, feature: Feature) {
  const { window_agent, ...place } = rowKey(key);
  return {
    experiment_id: MANUAL_EXPERIMENT,
    ...place,
    feature_id: feature,
    ...PLACE,
    ...(window_agent === undefined ? {} : { window_agent }),
  };
}

/** A window as the rows of the ledger name it. */
export function rowKey({ agent, ...place }: ManualWindow): AttemptKey {
  const { window, attempt, provider } = place;
  return {
    window,
    attempt,
    provider,
    ...(agent === MAIN_AGENT ? {} : { window_agent: agent }),
  };
}

/** The window that a row of the ledger names. */
export function keyOf(row: AttemptKey): ManualWindow {
  const { window, attempt, provider, window_agent: agent = MAIN_AGENT } = row;
  return { agent, window, attempt, provider };
}

/** Identifies a window in a map. */
export function idOf({ agent, window, attempt, provider }: ManualWindow): string {
  return JSON.stringify([agent, window, attempt, provider]);
}

/** Identifies the window of any row. */
export function idOfRow(row: AttemptKey | Readonly<Record<string, unknown>>): string {
  const { window, attempt, provider, window_agent: agent = MAIN_AGENT } = row;
  return JSON.stringify([agent, window, attempt, provider]);
}

export function nameOf({ agent, window, provider, attempt }: ManualWindow): string {
  const more = [
    ...(agent === MAIN_AGENT ? [] : [`agent ${agent}`]),
    ...(attempt === 1 ? [] : [`attempt ${String(attempt)}`]),
  ];
  return `${window} (${[provider, ...more].join(", ")})`;
}

function isOf(one: AttemptKey, key: ManualWindow): boolean {
  return idOf(keyOf(one)) === idOf(key);
}

/** What the operator remarks, as a field of a row. */
export function remarkFields(remark: string | null | undefined) {
  return remark === undefined || remark === null ? {} : { operator_notes: remark };
}

/** One reading of a provider's meters, from any source. */
interface Reading {
  /** The fields that every row of the window has. */
  readonly key: Readonly<Record<string, unknown>> & { readonly window: string };
  readonly phase: Phase;
  readonly meters: readonly Meter[];
  readonly parser: { readonly name: string; readonly version: string };
  readonly capture?: { readonly raw: string | null; readonly raw_sha256: string };
  readonly notes?: readonly string[];
  readonly errors?: readonly string[];
}

/** The row of a reading: of a pane, of a typed value, of a vendor's headers or of the proxy's counter. */
export function snapshotRow(reading: Reading): NewRow {
  const { key, phase, meters, parser, capture, notes = [], errors = [] } = reading;
  return {
    record: "snapshot_taken",
    ...key,
    phase,
    meters,
    ...(capture ?? { raw: null, raw_sha256: null }),
    parser: parser.name,
    parser_version: parser.version,
    notes,
    errors,
  };
}
