import { z } from "zod";

import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { ManualQuestion } from "./manual-question.ts";
import { assignmentsInOrder, type Registration } from "./registration.ts";
import { Count, exact, listOf, Role, Text, TextOrNull } from "./schema.ts";

const Task = exact({
  feature_id: Text,
  title: TextOrNull,
  stratum: TextOrNull,
  digest: TextOrNull,
  /** Tasks that were registered together; the first are 1. */
  cohort: Count,
});

const ProviderQuestion = exact({
  provider: Text,
  role: Role,
  driver: TextOrNull,
  vendor: TextOrNull,
  model: TextOrNull,
  upstream: TextOrNull,
});
export type ProviderQuestion = z.infer<typeof ProviderQuestion>;

/** What an experiment asks: who is compared, on what, by which measure of cost. */
export const Question = exact({
  name: Text,
  experiment_id: Text,
  registered_at: TextOrNull,
  registration_sha256: TextOrNull,
  seed: TextOrNull,
  baseline: TextOrNull,
  candidates: listOf(Text),
  /** `meter`: what manual windows took of the meter named next. */
  cost_measure: z.enum(["tokens", "usd", "meter"]),
  cost_meter: TextOrNull,
  /** Whether whole windows are compared or only their sub-agents' requests. */
  cost_scope: z.enum(["window", "subagents"]),
  /** Token classes that a cost in tokens counts. */
  token_basis: TokenBasis,
  /** false: vendors count tokens differently, or meters belong to different plans. */
  is_cost_comparable: z.boolean(),
  providers: listOf(ProviderQuestion),
  tasks: listOf(Task),
});
export type Question = z.infer<typeof Question>;

/** The question as it was registered; without a registration, what the rows themselves show. */
export function readQuestion(
  view: ExperimentView,
  registration: Registration,
  manual: ManualQuestion | null,
): Question {
  const registered = latestOf(view.registrations.values());
  const baseline = registered?.baseline ?? manual?.baseline ?? null;
  const providers = describeProviders(view, registration, baseline);
  const { recorded_at = null, sha256 = null, seed = null } = registered ?? {};
  return {
    name: registered?.name ?? (manual === null ? view.experimentId : "manual windows"),
    experiment_id: view.experimentId,
    registered_at: recorded_at,
    registration_sha256: sha256,
    seed,
    baseline,
    candidates: providers
      .filter(({ role }) => role === "candidate")
      .map(({ provider }) => provider),
    ...describeCost(registration, manual),
    providers,
    tasks: describeTasks(view, registration),
  };
}

function describeCost({ analysis }: Registration, manual: ManualQuestion | null) {
  const { cost, cost_scope, basis: token_basis, comparable } = analysis;
  const scope = { cost_scope, token_basis };
  if (manual === null) {
    const isComparable = cost === "usd" || comparable;
    return { cost_measure: cost, cost_meter: null, ...scope, is_cost_comparable: isComparable };
  }
  const { isPaidByPlans, isOnePlan, meter } = manual;
  return {
    cost_measure: isPaidByPlans ? ("usd" as const) : ("meter" as const),
    cost_meter: isPaidByPlans ? null : meter,
    ...scope,
    is_cost_comparable: isPaidByPlans || isOnePlan,
  };
}

/** The baseline first, then the candidates as they were registered. */
function describeProviders(
  view: ExperimentView,
  registration: Registration,
  baseline: string | null,
): readonly ProviderQuestion[] {
  const registered = new Map(registration.providers.map((provider) => [provider.id, provider]));
  const assigned = assignmentsInOrder(view).flatMap(({ providers }) => providers);
  const seen = [...view.windows.values(), ...view.snapshots.values()].map(
    ({ provider }) => provider,
  );
  const ids = new Set([...registered.keys(), ...assigned.toSorted(), ...seen.toSorted()]);
  const first = baseline === null ? [] : [baseline];
  return [...new Set([...first, ...ids])].map((id) => {
    const {
      driver = null,
      vendor = null,
      model = null,
      upstream = null,
    } = registered.get(id) ?? {};
    const role = id === baseline ? "baseline" : "candidate";
    return { provider: id, role, driver, vendor, model, upstream };
  });
}

function describeTasks(view: ExperimentView, registration: Registration): Question["tasks"] {
  const cohorts = new Map(
    registration.assignments.map(({ feature_id, cohort }) => [feature_id, cohort]),
  );
  const strata = assignmentsInOrder(view).map(
    ({ feature_id, stratum }) => [feature_id, stratum] as const,
  );
  const tasks =
    registration.tasks.length > 0
      ? registration.tasks
      : [...new Map(strata)].map(([id, stratum]) => ({ id, title: null, stratum, digest: null }));
  return tasks.map(({ id, title, stratum, digest }) => ({
    feature_id: id,
    title,
    stratum,
    digest,
    cohort: cohorts.get(id) ?? 1,
  }));
}
