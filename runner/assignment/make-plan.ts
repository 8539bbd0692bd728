import { canonicalSha256 } from "../../ledger/domain/canonical-json.ts";
import { DIVERGENCE_SHARE } from "../../ledger/invariants/divergence.ts";
import { gateFileSha256 } from "../../reports/decisions/gate-file.ts";
import type { Task } from "../bank/task.ts";
import { type Configuration, isScripted, type Provider } from "../config/configuration.ts";
import { COST_BASIS } from "../config/cost-basis.ts";
import { describePrices } from "../prices/describe-prices.ts";
import { drawUnits } from "./draw-units.ts";
import type { Plan, PlannedUnit } from "./plan.ts";
import { describePeaks, pricedPeaks } from "./priced-peaks.ts";

const EXPERIMENT_ID_DIGITS = 12;

/**
 * Draws the schedule and freezes the question. Pure: the same configuration, seed and task bank
 * give the same plan on every machine.
 */
export function makePlan(configuration: Configuration, tasks: readonly Task[]): Plan {
  const question = describeQuestion(configuration, tasks);
  const experimentId = canonicalSha256(question).slice(0, EXPERIMENT_ID_DIGITS);
  const units = drawUnits(configuration, tasks);
  const registration = {
    experiment_id: experimentId,
    ...question,
    assignments: units.map(describeAssignment),
  };
  return { experimentId, registration, sha256: canonicalSha256(registration), units };
}

/** What identifies an experiment: without budgets, limits and paths, which may be amended. */
export function describeQuestion(configuration: Configuration, tasks: readonly Task[]) {
  const { providers, design } = configuration;
  return {
    name: configuration.name,
    seed: configuration.seed,
    baseline: providers[0].id,
    scripted: isScripted(configuration),
    providers: providers.map(({ id, driver, vendor, model, upstream, workflow, ...rest }) => ({
      id,
      driver,
      vendor,
      model,
      upstream,
      workflow,
      ...describeRoutes(rest),
    })),
    upstreams: configuration.upstreams
      .filter(({ name }) => providers.some((provider) => leadsTo(provider, name)))
      .map((upstream) =>
        upstream.kind === "scripted"
          ? { name: upstream.name, scripted: upstream.profiles }
          : { name: upstream.name, base_url: upstream.baseUrl },
      ),
    tasks: tasks.map(({ id, title, stratum, digest, tokensMax, timeoutS }) => ({
      id,
      title,
      stratum,
      digest,
      tokens_max: tokensMax,
      timeout_s: timeoutS,
    })),
    design: {
      replicates: configuration.replicates,
      block_size: design.blockSize,
      ...(design.strata.join() === "stratum" ? {} : { strata: design.strata }),
      ...(design.strata.includes("peak_hours")
        ? { peak_hours: describePeaks(pricedPeaks(configuration)) }
        : {}),
      washout_ms: design.washoutMs,
      concurrency: design.concurrency,
    },
    analysis: {
      cost: configuration.cost,
      basis: COST_BASIS,
      comparable: countVendors(configuration) === 1,
      // Said only where it is not the default, as above.
      ...(configuration.costScope === "window" ? {} : { cost_scope: configuration.costScope }),
      ...describeDivergence(configuration),
      ...(configuration.cost === "usd" ? { prices: describePrices(configuration) } : {}),
    },
    gates: { sha256: gateFileSha256(configuration.gates), ...configuration.gates },
  };
}

/**
 * Vendors of every backend that a request may reach. Of an upstream that is no provider's own only
 * its name is known; a script counts as the provider's vendor does.
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

/** Said only where they are set: what was registered without them keeps its identity. */
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

/** Said only where it is not the default, as above. */
function describeDivergence({ divergenceShare }: Configuration) {
  return divergenceShare === DIVERGENCE_SHARE ? {} : { divergence_share: divergenceShare };
}

function leadsTo({ upstream, routes }: Provider, name: string): boolean {
  return upstream === name || routes.some((route) => route.upstream === name);
}

/** One line of the frozen schedule. */
export function describeAssignment(unit: PlannedUnit) {
  return {
    feature_id: unit.featureId,
    replicate: unit.replicate,
    stratum: unit.stratum,
    block: unit.block,
    sequence: unit.sequence,
    providers: unit.windows.map(({ provider }) => provider),
    windows: unit.windows.map(({ window }) => window),
    ...(unit.hours === undefined ? {} : { hours: unit.hours }),
    ...(unit.cohort === undefined ? {} : { cohort: unit.cohort }),
  };
}
