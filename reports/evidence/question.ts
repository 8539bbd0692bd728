import { z } from "zod";

import { QualityRule } from "../../ledger/domain/quality-rule.ts";
import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import {
  type FinalizedFact,
  latestOf,
  type SnapshotFact,
} from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../ledger/views/progress.ts";
import { showOneMeter } from "./one-meter.ts";
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
  /** How quality was computed; null for manual windows, whose quality was typed. */
  quality_rule: QualityRule.nullable(),
  providers: listOf(ProviderQuestion),
  tasks: listOf(Task),
});
export type Question = z.infer<typeof Question>;

interface AskedBefore {
  readonly from: readonly unknown[];
  readonly question: Question;
}

const before = new WeakMap<Registration, AskedBefore>();

/**
 * The question as it was registered; without a registration, what the rows themselves show. For a registered
 * experiment, it is the same object while nothing that it is made of changes.
 */
export function readQuestion(view: ExperimentView, registration: Registration): Question {
  if (!view.design.isRegistered || view.snapshots.size > 0) return makeQuestion(view, registration);
  const seen = new Set([...view.windows.values()].map(({ provider }) => provider));
  const registered = latestOf(view.registrations.values());
  const from = [registered, assignmentsInOrder(view), ...[...seen].toSorted()];
  const known = before.get(registration);
  if (known?.from.length === from.length && known.from.every((one, at) => one === from[at])) {
    return known.question;
  }
  const question = makeQuestion(view, registration);
  before.set(registration, { from, question });
  return question;
}

function makeQuestion(view: ExperimentView, registration: Registration): Question {
  const registered = latestOf(view.registrations.values());
  const { design } = view;
  const baseline = registered?.baseline ?? (design.isRegistered ? null : manualBaseline(view));
  const providers = describeProviders(view, registration, baseline);
  const { recorded_at = null, sha256 = null, seed = null } = registered ?? {};
  return {
    name: registered?.name ?? design.titleOf(view.experimentId),
    experiment_id: view.experimentId,
    registered_at: recorded_at,
    registration_sha256: sha256,
    seed,
    baseline,
    candidates: providers
      .filter(({ role }) => role === "candidate")
      .map(({ provider }) => provider),
    ...(design.isRegistered
      ? registeredMeasures(registration)
      : manualMeasures(view, registration)),
    providers,
    tasks: describeTasks(view, registration),
  };
}

function registeredMeasures({ analysis }: Registration) {
  const { cost, cost_scope, basis: token_basis, comparable, quality: quality_rule } = analysis;
  return {
    cost_measure: cost,
    cost_meter: null,
    cost_scope,
    token_basis,
    is_cost_comparable: cost === "usd" || comparable,
    quality_rule,
  };
}

/** The question of manual windows. Nothing was registered, so the ledger's rows give it. */
function manualMeasures(view: ExperimentView, { analysis }: Registration) {
  const isPaid = arePaidByPlans(finalizedWindows(view));
  const meter = chooseMeter(view);
  return {
    cost_measure: isPaid ? ("usd" as const) : ("meter" as const),
    cost_meter: isPaid ? null : meter,
    cost_scope: analysis.cost_scope,
    token_basis: analysis.basis,
    is_cost_comparable: isPaid || isOnePlan(view, meter),
    quality_rule: null,
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

/**
 * Whether the readings show meters of one plan and limit. A typed reading does not say whose meter it is,
 * so every provider needs readings of the same source, with the same limits, and no other plan's price.
 * A percentage is one of its own plan: without a price of the plan, the readings must show one meter.
 */
function isOnePlan(view: ExperimentView, meter: string | null): boolean {
  const readings = [...view.snapshots.values()].filter(({ meters }) => meters.length > 0);
  const read = readings.filter(({ source }) => source !== "override");
  const compared = read.flatMap(({ meters }) => meters.filter((one) => meterName(one) === meter));
  const limits = compared.map(({ limit_window_minutes, limit }) => [limit_window_minutes, limit]);
  const finals = finalizedWindows(view);
  const plans = finals.flatMap(({ dollars }) => dollars?.plan ?? []);
  const isShare = compared.some(({ unit }) => unit === "percent");
  const known = new Set(read.map(({ provider }) => provider));
  const providers = new Set(readings.map(({ provider }) => provider));
  return (
    providers.size < 2 ||
    (known.size === providers.size &&
      providersOf(read, meter).size === providersOf(readings, meter).size &&
      isOne(read.map(({ parser }) => parser)) &&
      isOne(limits) &&
      isOne(plans.map((plan) => [plan.usd, plan.per_days, plan.meter])) &&
      (!isShare || plans.length === finals.length || showOneMeter(readings, meter)))
  );
}

/** The providers with a reading of the meter. */
function providersOf(readings: readonly SnapshotFact[], meter: string | null): ReadonlySet<string> {
  const own = readings.filter(({ meters }) => meters.some((one) => meterName(one) === meter));
  return new Set(own.map(({ provider }) => provider));
}

function isOne(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size <= 1;
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

/** The operator's last choice of a baseline for manual windows; null without one. */
export function manualBaseline(view: ExperimentView): string | null {
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
