import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { FORMER_QUALITY_RULE, QualityRule } from "../../ledger/domain/quality-rule.ts";
import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { DIVERGENCE_SHARE } from "../../ledger/invariants/divergence.ts";
import { type AssignedFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { oncePerObject } from "./once-per-object.ts";

const Text = z.string().nullable().catch(null);
const Routes = z
  .array(z.looseObject({ when: z.looseObject({ subagent: z.boolean().optional() }).catch({}) }))
  .catch([]);

const AllowedHosts = z.looseObject({ allow: z.array(z.string()) });

/** The part of a frozen plan that reports read; a missing or malformed field gets its default. */
const Registration = z.looseObject({
  /** Whether both arms are the baseline. */
  aa: z.boolean().catch(false),
  providers: z
    .array(
      z.looseObject({
        id: z.string(),
        driver: Text,
        vendor: Text,
        model: Text,
        upstream: Text,
        routes: Routes,
      }),
    )
    .catch([]),
  tasks: z
    .array(
      z.looseObject({
        id: z.string(),
        title: Text,
        stratum: Text,
        digest: Text,
        family: Text.default(null),
        repository: Text.default(null),
        tokens_max: z.number().positive().nullable().catch(null),
        network: AllowedHosts.catch({ allow: [] }),
      }),
    )
    .catch([]),
  /** What sandboxed agents may reach besides their models. */
  network: z.union([z.enum(["closed", "open"]), AllowedHosts]).catch("closed"),
  /** In the order of the schedule; providers and windows by period. */
  assignments: z
    .array(
      z.looseObject({
        feature_id: z.string(),
        replicate: z.int(),
        providers: z.array(z.string()),
        windows: z.array(z.string()),
        cohort: z.int().positive().catch(1),
      }),
    )
    .catch([]),
  analysis: z
    .looseObject({
      cost: z.enum(["tokens", "usd"]).catch("tokens"),
      cost_scope: z.enum(["window", "subagents"]).catch("window"),
      basis: TokenBasis.catch("uncached"),
      comparable: z.boolean().catch(true),
      quality: QualityRule.catch(FORMER_QUALITY_RULE),
      divergence_share: z.number().catch(DIVERGENCE_SHARE),
    })
    .catch({
      cost: "tokens",
      cost_scope: "window",
      basis: "uncached",
      comparable: true,
      quality: FORMER_QUALITY_RULE,
      divergence_share: DIVERGENCE_SHARE,
    }),
});
export type Registration = z.infer<typeof Registration>;

export const readRegistration = rememberReading((registration) =>
  Registration.parse(registration ?? {}),
);

/** A row's object is read once, because every look reads it. */
function rememberReading<Value>(read: (row: unknown) => Value): (row: unknown) => Value {
  const readOnce = oncePerObject(read);
  return (row) => (typeof row === "object" && row !== null ? readOnce(row) : read(row));
}

const Sourced = <Value extends z.ZodType>(value: Value) =>
  z.looseObject({ value, origin: z.string() }).nullable().catch(null);

const NO_BUDGETS = {
  mode: null,
  basis: null,
  overall: null,
  commands: {},
  limits: null,
  parameter_type: null,
  cut: null,
  overall_scope: null,
  period_ms: null,
  has_visuals: true,
};

/** The part of a session's settings that reports read. */
const Settings = z.looseObject({
  budgets: z
    .looseObject({
      mode: Sourced(z.string()),
      basis: Sourced(TokenBasis),
      overall: Sourced(z.int().nonnegative().nullable()),
      commands: z
        .record(z.string(), z.looseObject({ value: z.int().nonnegative(), origin: z.string() }))
        .catch({}),
      /** Every limit in every unit; absent in rows of versions that knew only tokens. */
      limits: z
        .array(
          z.looseObject({
            scope: BudgetScope,
            name: z.string(),
            unit: BudgetUnit,
            limit: z.number().nonnegative(),
            origin: z.string(),
            is_held: z.boolean(),
          }),
        )
        .nullable()
        .catch(null),
      parameter_type: Sourced(z.string()),
      cut: Sourced(z.string()),
      overall_scope: Sourced(z.string()),
      period_ms: Sourced(z.int().positive().nullable()),
      has_visuals: z.boolean().catch(true),
    })
    .catch(NO_BUDGETS),
  /** The operator's own stop rules, as they were written. */
  stop_when: z.array(z.string()).nullable().catch(null),
  /** The configuration file as the command line named it; null for the built-in rehearsal. */
  paths: z
    .looseObject({
      config: Text,
      /** The data folder as it was named; absent if it is the usual one. */
      data_dir: z.string().optional().catch(undefined),
      /** The database that has the ledger; absent for files, or if its address holds a password. */
      store: z.string().optional().catch(undefined),
    })
    .catch({ config: null }),
  prices: z
    .object({ name: z.string(), as_of: z.string().nullable(), sha256: z.string() })
    .nullable()
    .catch(null),
});
export type Settings = z.infer<typeof Settings>;

export const readSettings = rememberReading((settings) => Settings.parse(settings ?? {}));

interface Schedule {
  readonly facts: readonly AssignedFact[];
  readonly inOrder: readonly AssignedFact[];
}

const schedules = new WeakMap<ExperimentView["assignments"], Schedule>();

/**
 * The assignments in the order of the schedule, one for each feature and replicate: the same list while no assignment
 * changes.
 */
export function assignmentsInOrder({ assignments }: ExperimentView): readonly AssignedFact[] {
  const facts = [...assignments.values()];
  const before = schedules.get(assignments);
  const isSame = before?.facts.length === facts.length;
  if (isSame && before.facts.every((fact, index) => fact === facts[index])) return before.inOrder;
  const inOrder = [...Map.groupBy(facts, matchedSetKey).values()]
    .map((rows) => latestOf(rows))
    .filter((assigned) => assigned !== undefined)
    .toSorted((left, right) => left.seq - right.seq);
  schedules.set(assignments, { facts, inOrder });
  return inOrder;
}

/** The key of a matched set: what all providers get in one replicate. */
export function matchedSetKey(place: {
  readonly feature_id: string;
  readonly replicate: number;
}): string {
  return JSON.stringify([place.feature_id, place.replicate]);
}
