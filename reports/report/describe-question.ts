import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { type HandQuestion, readHandQuestion } from "../decisions/hand-question.ts";
import { assignmentsInOrder } from "./assignments-in-order.ts";
import type { Registration } from "./registration.ts";
import type { Asked, ProviderQuestion } from "./report-data.ts";

/** What was asked, as it was registered; without a registration, what the rows themselves show. */
export function describeQuestion(view: ExperimentView, registration: Registration): Asked {
  const registered = latestOf(view.registrations.values());
  const byHand = view.experimentId === MANUAL_EXPERIMENT ? readHandQuestion(view) : null;
  const baseline = registered?.baseline ?? byHand?.baseline ?? null;
  const providers = describeProviders(view, registration, baseline);
  const { recorded_at = null, sha256 = null, seed = null } = registered ?? {};
  return {
    name: registered?.name ?? nameOf(view),
    experiment_id: view.experimentId,
    registered_at: recorded_at,
    registration_sha256: sha256,
    seed,
    baseline,
    candidates: providers
      .filter(({ role }) => role === "candidate")
      .map(({ provider }) => provider),
    ...describeCost(registration, byHand),
    providers,
    tasks: describeTasks(view, registration),
  };
}

type AskedCost = Pick<
  Asked,
  "cost_measure" | "cost_meter" | "cost_scope" | "token_basis" | "is_cost_comparable"
>;

function describeCost({ analysis }: Registration, byHand: HandQuestion | null): AskedCost {
  const { cost, cost_scope, basis: token_basis, comparable } = analysis;
  if (byHand?.isPaidByPlans === true) {
    const shared = { cost_scope, token_basis, is_cost_comparable: true };
    return { cost_measure: "usd", cost_meter: null, ...shared };
  }
  if (byHand !== null) {
    const { meter: cost_meter, isOnePlan: is_cost_comparable } = byHand;
    return { cost_measure: "meter", cost_meter, cost_scope, token_basis, is_cost_comparable };
  }
  const is_cost_comparable = cost === "usd" || comparable;
  return { cost_measure: cost, cost_meter: null, cost_scope, token_basis, is_cost_comparable };
}

function nameOf({ experimentId }: ExperimentView): string {
  return experimentId === MANUAL_EXPERIMENT ? "windows worked by hand" : experimentId;
}

/** The baseline first, then the candidates as they were registered. */
function describeProviders(
  view: ExperimentView,
  registration: Registration,
  baseline: string | null,
): readonly ProviderQuestion[] {
  const registered = new Map(registration.providers.map((provider) => [provider.id, provider]));
  const seen = assignmentsInOrder(view).flatMap(({ providers }) => providers);
  const others = [...view.windows.values(), ...view.snapshots.values()]
    .map(({ provider }) => provider)
    .toSorted();
  const ids = new Set([...registered.keys(), ...seen.toSorted(), ...others]);
  if (baseline !== null) ids.add(baseline);
  const described = [...ids].map((id): ProviderQuestion => {
    const {
      driver = null,
      vendor = null,
      model = null,
      upstream = null,
    } = registered.get(id) ?? {};
    const role = id === baseline ? "baseline" : "candidate";
    return { provider: id, role, driver, vendor, model, upstream };
  });
  return described.toSorted((left, right) => rankOf(left) - rankOf(right));
}

function rankOf({ role }: ProviderQuestion): number {
  return role === "baseline" ? 0 : 1;
}

function describeTasks(view: ExperimentView, registration: Registration): Asked["tasks"] {
  const cohorts = new Map(
    registration.assignments.map(({ feature_id, cohort }) => [feature_id, cohort]),
  );
  const tasks = registration.tasks.map(({ id, title, stratum, digest }) => ({
    feature_id: id,
    title,
    stratum,
    digest,
    cohort: cohorts.get(id) ?? 1,
  }));
  if (tasks.length > 0) return tasks;
  const strata = new Map(
    assignmentsInOrder(view).map(({ feature_id, stratum }) => [feature_id, stratum]),
  );
  return [...strata].map(([feature_id, stratum]) => ({
    feature_id,
    title: null,
    stratum,
    digest: null,
    cohort: 1,
  }));
}
