import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import {
  type ChurnFact,
  type FinalizedFact,
  latestOf,
  type SnapshotFact,
} from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";

/** One attempt at one provider's window. */
export interface HandWindow {
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
}

/** What counts of it now. A capture of which nothing could be read is no reading. */
export interface HandWindowRows {
  readonly before: SnapshotFact | undefined;
  readonly after: SnapshotFact | undefined;
  /** Captures without a single meter. */
  readonly unreadable: readonly SnapshotFact[];
  readonly final: FinalizedFact | undefined;
  readonly churn: ChurnFact | undefined;
}

/** By hand a feature is worked once by each provider, in no designed order. */
const PLACE = { replicate: 1, period: 1 };

export function rowsOfWindow(view: ExperimentView, key: HandWindow): HandWindowRows {
  const all = [...view.snapshots.values()].filter((one) => isOf(one, key));
  const readings = all.filter(({ meters }) => meters.length > 0);
  const attempts = view.windows.get(`${key.window} ${key.provider}`)?.attempts;
  return {
    before: latestOf(readings.filter(({ phase }) => phase === "before")),
    after: latestOf(readings.filter(({ phase }) => phase === "after")),
    unreadable: all.filter(({ meters }) => meters.length === 0),
    final: latestOf(attempts?.get(key.attempt)?.finalized ?? []),
    churn: latestOf([...view.churns.values()].filter((one) => isOf(one, key))),
  };
}

/** The feature, as far as any row of the window names it. */
export function featureOf({ before, after, final, churn }: HandWindowRows): string | null {
  const named = [final, after, before, churn].map((row) => row?.feature_id ?? null);
  return named.find((feature) => feature !== null) ?? null;
}

/** The fields by which every row of the window is found. */
export function keyFields({ window, attempt, provider }: HandWindow, feature: string | null) {
  const place = { experiment_id: MANUAL_EXPERIMENT, window, attempt, provider };
  return { ...place, feature_id: feature, ...PLACE };
}

export function nameOf({ window, provider, attempt }: HandWindow): string {
  return `${window} (${provider}${attempt === 1 ? "" : `, attempt ${attempt}`})`;
}

function isOf(one: HandWindow, key: HandWindow): boolean {
  const { window, attempt, provider } = one;
  return window === key.window && attempt === key.attempt && provider === key.provider;
}
