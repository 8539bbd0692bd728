import { canonicalJson } from "../../../ledger/domain/canonical-json.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { matchedSetKey } from "../../../reports/evidence/registration.ts";
import { describeBudgetSettings } from "../../gateway/budgets/budget-settings.ts";
import { cohortOf } from "../../plan/assignment/make-plan.ts";
import type { Plan } from "../../plan/assignment/plan.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import { describePrices } from "../../plan/config/describe-prices.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Journal } from "../spending/journal.ts";

/**
 * Freezes the plan: the registration is durable before the first window opens. An earlier registration
 * stays as it is; tasks that were added later form a cohort.
 */
export async function registerExperiment(
  plan: Plan,
  { view, journal }: { readonly view: ExperimentView; readonly journal: Journal },
): Promise<void> {
  const registered = latestOf(view.registrations.values());
  if (registered !== undefined && cohortOf(registered.registration) >= cohortOf(plan.registration))
    return;
  const { experimentId, registration, sha256 } = plan;
  const assigned = new Set([...view.assignments.values()].map(matchedSetKey));
  const sets = plan.sets.filter(
    ({ featureId: feature_id, replicate }) =>
      !assigned.has(matchedSetKey({ feature_id, replicate })),
  );
  await journal.write("assignments", assignmentRows(experimentId, sets));
  await journal.write("experiments", [
    {
      record: "experiment_registered",
      experiment_id: experimentId,
      name: registration.name,
      seed: registration.seed,
      baseline: registration.baseline,
      scripted: registration.scripted,
      registration,
      sha256,
    },
  ]);
}

function assignmentRows(experimentId: string, sets: Plan["sets"]): readonly NewRow[] {
  return sets.map((set) => ({
    record: "feature_assigned",
    experiment_id: experimentId,
    feature_id: set.featureId,
    replicate: set.replicate,
    stratum: set.stratum,
    block: set.block,
    sequence: set.sequence,
    ...(set.cohort === undefined ? {} : { cohort: set.cohort }),
    providers: set.windows.map(({ provider }) => provider),
  }));
}

/** The settings that may change between sessions without making another experiment. */
export function describeSettings(
  configuration: Configuration,
  { given, store }: Pick<DataFolder, "given" | "store">,
) {
  const { budgets, limits, givenFile, design, providers } = configuration;
  const atOnce = providers.filter(({ windows = 1 }) => windows > 1);
  return {
    budgets: describeBudgetSettings(budgets),
    limits: {
      window_ms: limits.windowMs,
      idle_ms: limits.idleMs,
      ...(limits.requestsPerS === null ? {} : { requests_per_s: limits.requestsPerS }),
    },
    paths: {
      config: givenFile,
      ...(given === null ? {} : { data_dir: given }),
      // With a password the address is in a variable, where the next command finds it too.
      ...(store === null || store.hasPassword ? {} : { store: store.shown }),
    },
    prices: describePrices(configuration),
    // Included only if they are not those of older sessions, so that no amendment is recorded.
    ...(design.isConcurrencyGiven || design.concurrency === 1
      ? {}
      : { concurrency: design.concurrency }),
    ...(atOnce.length === 0
      ? {}
      : { windows_at_once: Object.fromEntries(atOnce.map(({ id, windows }) => [id, windows])) }),
  };
}

/** The settings that differ from the last session's. */
export function amendmentsOf(
  before: Readonly<Record<string, unknown>>,
  now: ReturnType<typeof describeSettings>,
): Readonly<Record<string, unknown>> {
  const changed = Object.entries(now).filter(
    ([part, value]) => canonicalJson(before[part] ?? null) !== canonicalJson(value),
  );
  return Object.fromEntries(changed);
}
