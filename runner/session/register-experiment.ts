import { canonicalJson } from "../../ledger/domain/canonical-json.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import type { Plan } from "../assignment/plan.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Journal } from "./journal.ts";

/** Freezes the plan: the registration is durable before the first window opens. */
export async function registerExperiment(plan: Plan, journal: Journal): Promise<void> {
  const { experimentId, registration, sha256 } = plan;
  await journal.write("assignments", assignmentRows(plan));
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

function assignmentRows({ experimentId, units }: Plan): readonly NewRow[] {
  return units.map((unit) => ({
    record: "feature_assigned",
    experiment_id: experimentId,
    feature_id: unit.featureId,
    replicate: unit.replicate,
    stratum: unit.stratum,
    block: unit.block,
    sequence: unit.sequence,
    providers: unit.windows.map(({ provider }) => provider),
  }));
}

/** What may be changed between sessions without making another experiment of it. */
export function describeSettings({ budgets, limits, givenFile }: Configuration) {
  return {
    budgets: {
      mode: budgets.mode,
      basis: budgets.basis,
      overall: budgets.overall,
      commands: Object.fromEntries(budgets.commands),
    },
    limits: { window_ms: limits.windowMs, idle_ms: limits.idleMs },
    paths: { config: givenFile },
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
