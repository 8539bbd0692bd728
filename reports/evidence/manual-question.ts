import { type FinalizedFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../ledger/views/progress.ts";

/** The question of manual windows. Nothing was registered, so the ledger's rows give it. */
export interface ManualQuestion {
  /** The operator's last choice; null without one. */
  readonly baseline: string | null;
  /** The meter whose differences are the cost, `5h percent`; null if no two providers share one. */
  readonly meter: string | null;
  /** false: the providers' meters come from different sources, so they belong to different plans. */
  readonly isOnePlan: boolean;
  /** Every finalized window was paid by its provider's plan, at one price, so dollars compare them. */
  readonly isPaidByPlans: boolean;
}

export function readManualQuestion(view: ExperimentView): ManualQuestion {
  const parsers = [...view.snapshots.values()]
    .filter(({ meters, source }) => meters.length > 0 && source !== "override")
    .map(({ parser }) => parser);
  return {
    baseline: readBaseline(view),
    meter: chooseMeter(view),
    isOnePlan: new Set(parsers).size <= 1,
    isPaidByPlans: arePaidByPlans(finalizedWindows(view)),
  };
}

/** All windows of a provider must have one price; windows with another are to be completed again. */
function arePaidByPlans(finals: readonly FinalizedFact[]): boolean {
  const priced = finals.flatMap(({ provider, cost, dollars }) =>
    cost.basis === "plan" && dollars?.plan !== undefined ? [{ provider, plan: dollars.plan }] : [],
  );
  const prices = priced.map(({ provider, plan: { usd, per_days, meter, step_percent } }) =>
    JSON.stringify([provider, usd, per_days, meter, step_percent]),
  );
  const providers = new Set(finals.map(({ provider }) => provider));
  return (
    priced.length > 0 && priced.length === finals.length && new Set(prices).size === providers.size
  );
}

function readBaseline(view: ExperimentView): string | null {
  const said = [...view.amendments.values()].filter(
    ({ amended }) => typeof amended["baseline"] === "string",
  );
  const baseline = latestOf(said)?.amended["baseline"];
  return typeof baseline === "string" ? baseline : null;
}

/** The name of a meter that serves as the cost. */
export function meterName({ name, unit }: { readonly name: string; readonly unit: string }) {
  return `${name} ${unit}`;
}

/** The meter of most providers; then the one that most windows used; then the first by name. */
function chooseMeter(view: ExperimentView): string | null {
  const moved = finalizedWindows(view).flatMap(({ provider, capacity }) =>
    capacity
      .filter(({ delta }) => delta !== null && delta > 0)
      .map((delta) => ({ provider, meter: meterName(delta) })),
  );
  const meters = [...Map.groupBy(moved, ({ meter }) => meter)]
    .map(([meter, windows]) => ({
      meter,
      windows: windows.length,
      providers: new Set(windows.map(({ provider }) => provider)).size,
    }))
    .filter(({ providers }) => providers > 1)
    .toSorted(
      (left, right) =>
        right.providers - left.providers ||
        right.windows - left.windows ||
        (left.meter < right.meter ? -1 : 1),
    );
  return meters[0]?.meter ?? null;
}
