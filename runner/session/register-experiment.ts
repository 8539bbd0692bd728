import { z } from "zod";

import { canonicalJson } from "../../ledger/domain/canonical-json.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { Plan } from "../assignment/plan.ts";
import { describeBudgetSettings } from "../budgets/describe-settings.ts";
import type { Configuration } from "../config/configuration.ts";
import { describePrices } from "../prices/describe-prices.ts";
import type { Journal } from "./journal.ts";

/**
 * Freezes the plan: the registration is durable before the first window opens. What the ledger has
 * registered already is left as it is; tasks added since are a cohort of their own.
 */
export async function registerExperiment(
  plan: Plan,
  { view, journal }: { readonly view: ExperimentView; readonly journal: Journal },
): Promise<void> {
  const registered = latestOf(view.registrations.values());
  if (registered !== undefined && cohortOf(registered) >= cohortOf(plan)) return;
  const { experimentId, registration, sha256 } = plan;
  const assigned = new Set([...view.assignments.values()].map(({ feature_id }) => feature_id));
  const units = plan.units.filter(({ featureId }) => !assigned.has(featureId));
  await journal.write("assignments", assignmentRows(experimentId, units));
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

/** Tasks that were registered together; the first is 1. */
function cohortOf({ registration }: { readonly registration: unknown }): number {
  return z.looseObject({ cohort: z.int().default(1) }).parse(registration).cohort;
}

function assignmentRows(experimentId: string, units: Plan["units"]): readonly NewRow[] {
  return units.map((unit) => ({
    record: "feature_assigned",
    experiment_id: experimentId,
    feature_id: unit.featureId,
    replicate: unit.replicate,
    stratum: unit.stratum,
    block: unit.block,
    sequence: unit.sequence,
    ...(unit.cohort === undefined ? {} : { cohort: unit.cohort }),
    providers: unit.windows.map(({ provider }) => provider),
  }));
}

/** What may be changed between sessions without making another experiment of it. */
export function describeSettings(configuration: Configuration) {
  const { budgets, limits, givenFile } = configuration;
  return {
    budgets: describeBudgetSettings(budgets),
    limits: {
      window_ms: limits.windowMs,
      idle_ms: limits.idleMs,
      ...(limits.requestsPerS === null ? {} : { requests_per_s: limits.requestsPerS }),
    },
    paths: { config: givenFile },
    prices: describePrices(configuration),
  };
}

/** The parts of the settings that differ from those that the last session recorded. */
export function amendmentsOf(
  before: Readonly<Record<string, unknown>>,
  now: ReturnType<typeof describeSettings>,
): Readonly<Record<string, unknown>> {
  const changed = Object.entries(now).filter(
    ([part, value]) => canonicalJson(before[part] ?? null) !== canonicalJson(value),
  );
  return Object.fromEntries(changed);
}
