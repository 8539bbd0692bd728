import { z } from "zod";

import { canonicalSha256 } from "../../../ledger/domain/canonical-sha256.ts";
import { QUALITY_RULE } from "../../../ledger/domain/quality-rule.ts";
import { DIVERGENCE_SHARE } from "../../../ledger/invariants/divergence.ts";
import { gateFileSha256 } from "../../../reports/looks/gate-file.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { type Configuration, isScripted, type Provider } from "../config/configuration.ts";
import { COST_BASIS } from "../config/cost-measure.ts";
import { describePrices } from "../config/describe-prices.ts";
import { drawSets, numberWindows } from "./draw-sets.ts";
import { describePeaks, pricedPeaks } from "./hours.ts";
import { type MatchedSet, type Plan, planWindows } from "./plan.ts";
import { differencesOf, isAddedTask } from "./question-differences.ts";

const EXPERIMENT_ID_DIGITS = 12;

/**
 * Draws the schedule and freezes the question. The function is pure: the same configuration, seed and task
 * bank give the same plan on every machine.
 */
export function makePlan(configuration: Configuration, tasks: readonly Task[]): Plan {
  const question = describeQuestion(configuration, tasks);
  const experimentId = canonicalSha256(question).slice(0, EXPERIMENT_ID_DIGITS);
  const sets = drawSets(configuration, tasks);
  const registration = {
    experiment_id: experimentId,
    ...question,
    assignments: sets.map(describeAssignment),
  };
  return { experimentId, registration, sha256: canonicalSha256(registration), sets };
}

/** Identifies an experiment. Budgets, limits and paths are not included, because they may be amended. */
function describeQuestion(configuration: Configuration, tasks: readonly Task[]) {
  const { providers, design } = configuration;
  return {
    name: configuration.name,
    seed: configuration.seed,
    baseline: providers[0].id,
    scripted: isScripted(configuration),
    // Included only if it holds, so that older registrations keep their identity.
    ...(configuration.isAgainstItself ? { aa: true } : {}),
    providers: providers.map((provider) => describeProvider(provider)),
    upstreams: configuration.upstreams
      .filter(({ name }) => providers.some((provider) => leadsTo(provider, name)))
      .map((upstream) =>
        upstream.kind === "scripted"
          ? { name: upstream.name, scripted: upstream.profiles }
          : { name: upstream.name, base_url: upstream.baseUrl },
      ),
    tasks: tasks.map((task) => describeTask(task)),
    // Included only if it is not the default, so that older registrations keep their identity.
    ...(configuration.network === "closed" ? {} : { network: configuration.network }),
    design: {
      replicates: configuration.replicates,
      block_size: design.blockSize,
      ...(design.strata.join() === "stratum" ? {} : { strata: design.strata }),
      ...(design.strata.includes("peak_hours")
        ? { peak_hours: describePeaks(pricedPeaks(configuration)) }
        : {}),
      washout_ms: design.washoutMs,
      // A default depends on the machine, so it is a setting of the session and no part of the question.
      concurrency: design.isConcurrencyGiven ? design.concurrency : 1,
    },
    ...describeResources(configuration),
    analysis: {
      cost: configuration.cost,
      basis: COST_BASIS,
      quality: QUALITY_RULE,
      comparable: countVendors(configuration) === 1,
      // Included only if it is not the default, so that older registrations keep their identity.
      ...(configuration.costScope === "window" ? {} : { cost_scope: configuration.costScope }),
      ...describeDivergence(configuration),
      ...(configuration.cost === "usd" ? { prices: describePrices(configuration) } : {}),
    },
    gates: { sha256: gateFileSha256(configuration.gates), ...configuration.gates },
  };
}

function describeTask(task: Task) {
  const { id, title, stratum, family, digest, allowedHosts, tokensMax, timeoutS } = task;
  return {
    id,
    title,
    stratum,
    // Included only if there is one, so that older registrations keep their identity.
    ...(family === undefined ? {} : { family }),
    ...(task.kind === "command" ? { repository: task.workspace.repoName } : {}),
    digest,
    tokens_max: tokensMax,
    timeout_s: timeoutS,
    ...(allowedHosts === undefined ? {} : { network: { allow: allowedHosts } }),
  };
}

/**
 * Counts the vendors of every backend that a request may reach. An upstream that belongs to no provider
 * counts by its name. A scripted upstream counts as the provider's vendor.
 */
function countVendors({ providers, upstreams }: Configuration): number {
  const scripted = new Set(
    upstreams.flatMap(({ kind, name }) => (kind === "scripted" ? name : [])),
  );
  const declared = new Map(providers.map(({ upstream, vendor }) => [upstream, vendor]));
  const vendors = providers.flatMap(({ vendor, routes }) => [
    vendor,
    ...routes.map(
      ({ upstream }) => declared.get(upstream) ?? (scripted.has(upstream) ? vendor : upstream),
    ),
  ]);
  return new Set(vendors).size;
}

function describeProvider({ id, driver, dialect, routes, via, ...rest }: Provider) {
  const { vendor, model, upstream } = rest;
  const workflow = describeWorkflow(rest);
  // Included only if it is named, so that older registrations keep their identity.
  const chosen = dialect === undefined ? {} : { dialect };
  const own = { id, driver, ...chosen, vendor, model, upstream, workflow };
  return { ...own, ...describeCommand(rest), ...describeRoutes({ routes, via }) };
}

/** The name of a file says nothing about its roles, so the roles are part of the question. */
function describeWorkflow({ workflow }: Pick<Provider, "workflow">) {
  return workflow === "solo" ? workflow : { roles: workflow.roles };
}

/** An agent of the user's own is a part of the question, but its place on this machine is not. */
function describeCommand({ command }: Pick<Provider, "command">) {
  if (command === undefined) return {};
  const { words, dialects, env } = command;
  return { command: words, agent: { dialects, env } };
}

/** Routes are included only if set, so that registrations without them keep their identity. */
function describeRoutes({ routes, via }: Pick<Provider, "routes" | "via">) {
  return {
    ...(routes.length === 0
      ? {}
      : {
          routes: routes.map(({ name, when, upstream, model }) => ({
            name,
            when,
            upstream,
            model,
          })),
        }),
    ...(via === "base-url" ? {} : { via }),
  };
}

/** Included only if there is a limit, so that older registrations keep their identity. */
function describeResources({ resources }: Configuration) {
  const { cpus, memoryBytes: memory_bytes, processes } = resources;
  const limits = Object.entries({ cpus, memory_bytes, processes });
  const given = limits.filter(([, limit]) => limit !== null);
  return given.length === 0 ? {} : { resources: Object.fromEntries(given) };
}

/** Included only if it is not the default, so that older registrations keep their identity. */
function describeDivergence({ divergenceShare }: Configuration) {
  return divergenceShare === DIVERGENCE_SHARE ? {} : { divergence_share: divergenceShare };
}

function leadsTo({ upstream, routes }: Provider, name: string): boolean {
  return upstream === name || routes.some((route) => route.upstream === name);
}

/** Returns one entry of the frozen schedule. */
function describeAssignment(set: MatchedSet) {
  return {
    feature_id: set.featureId,
    replicate: set.replicate,
    stratum: set.stratum,
    block: set.block,
    sequence: set.sequence,
    providers: set.windows.map(({ provider }) => provider),
    windows: set.windows.map(({ window }) => window),
    ...(set.hours === undefined ? {} : { hours: set.hours }),
    ...(set.cohort === undefined ? {} : { cohort: set.cohort }),
  };
}

/** The parts of a frozen plan that adding tasks needs. */
const Frozen = z.looseObject({
  experiment_id: z.string(),
  name: z.string(),
  seed: z.string(),
  baseline: z.string(),
  scripted: z.boolean(),
  /** Counted from 1; absent in the first. Parsing adds nothing, so that the hash stays that of the ledger. */
  cohort: z.int().positive().optional(),
  tasks: z.array(z.looseObject({ id: z.string() })),
  assignments: z.array(
    z.object({
      feature_id: z.string(),
      replicate: z.int().positive(),
      stratum: z.string(),
      block: z.int().positive(),
      sequence: z.string(),
      providers: z.array(z.string()),
      windows: z.array(z.string()),
      hours: z.enum(["peak", "off-peak"]).optional(),
      cohort: z.int().positive().optional(),
    }),
  ),
});
type Frozen = z.infer<typeof Frozen>;

/**
 * Adds the bank's new tasks to a registered plan, as a new registration cohort. The cohort is drawn from
 * its own streams and scheduled last, so that existing assignments do not change. Without a new task the
 * plan stays as registered.
 * @param registration the latest registration of the experiment.
 * @throws ConfigurationError if anything but added tasks differs from the registration.
 */
export function extendPlan(
  registration: unknown,
  configuration: Configuration,
  tasks: readonly Task[],
): Plan {
  const frozen = Frozen.parse(registration);
  const question = describeQuestion(configuration, tasks);
  refuseOtherQuestion(frozen, question);
  const known = new Set(frozen.tasks.map(({ id }) => id));
  const added = tasks.filter(({ id }) => !known.has(id));
  const earlier = frozen.assignments.map(plannedSet);
  if (added.length === 0) return planOf(frozen, earlier);
  const cohort = cohortOf(frozen) + 1;
  const sets = [...earlier, ...drawSets(configuration, added, { cohort, earlier })];
  return planOf(
    {
      experiment_id: frozen.experiment_id,
      ...question,
      cohort,
      assignments: sets.map(describeAssignment),
    },
    sets,
  );
}

/**
 * Adds places, after all others, for matched sets whose windows are missing, as a new registration cohort.
 * Their first places stay missing, so that no prefix of the schedule changes that a look has used.
 */
export function replan(registration: unknown, isAgain: (set: MatchedSet) => boolean): Plan {
  const frozen = Frozen.parse(registration);
  const earlier = frozen.assignments.map(plannedSet);
  const number = numberWindows(earlier);
  const again = earlier.filter(isAgain);
  if (again.length === 0) return planOf(frozen, earlier);
  const cohort = cohortOf(frozen) + 1;
  const sets = again.map((set) => {
    const replicate = set.replicate + 1;
    const windows = planWindows({
      feature_id: set.featureId,
      replicate,
      providers: set.windows.map(({ provider }) => provider),
      windows: set.windows.map(() => number(replicate)),
    });
    return { ...set, replicate, cohort, windows };
  });
  const all = [...earlier, ...sets];
  return planOf({ ...frozen, cohort, assignments: all.map(describeAssignment) }, all);
}

function planOf(registration: Frozen, sets: readonly MatchedSet[]): Plan {
  const experimentId = registration.experiment_id;
  return { experimentId, registration, sha256: canonicalSha256(registration), sets };
}

function plannedSet(assignment: Frozen["assignments"][number]): MatchedSet {
  const { feature_id: featureId, replicate, stratum, block, sequence, hours, cohort } = assignment;
  const windows = planWindows(assignment);
  const kind = hours === undefined ? {} : { hours };
  const later = cohort === undefined ? {} : { cohort };
  return { featureId, replicate, stratum, block, sequence, ...kind, ...later, windows };
}

/** The number of the last group of tasks that were registered together, from 1. */
export function cohortOf(registration: unknown): number {
  return Frozen.pick({ cohort: true }).parse(registration).cohort ?? 1;
}

/** Only added tasks keep the measured windows comparable. Every other change of the question is refused. */
function refuseOtherQuestion(frozen: Frozen, question: Readonly<Record<string, unknown>>): void {
  const changes = differencesOf(frozen, question).filter((one) => !isAddedTask(one));
  if (changes.length === 0) return;
  const fields = changes.map(({ field }) => field).join(", ");
  throw new ConfigurationError(
    `--extend ${frozen.experiment_id}: expected the registered question with tasks added to it, got another one: ${fields} changed. Undo the change, or leave --extend out and start a new experiment.`,
  );
}
