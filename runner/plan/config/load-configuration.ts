import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";

import { DIVERGENCE_SHARE } from "../../../ledger/invariants/divergence.ts";
import { DEFAULT_GATES, GateFile } from "../../../reports/looks/gate-file.ts";
import type { BudgetOptions } from "../../gateway/budgets/limit-options.ts";
import { resolveBudgets } from "../../gateway/budgets/resolve-budgets.ts";
import type { PriceBook } from "../../gateway/prices/price-book.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { packageFolder } from "../../platform/environment/package-folder.ts";
import { readYamlFile } from "../../platform/yaml/read-yaml-file.ts";
import { againstItself } from "./against-itself.ts";
import { chooseCost, refuseUnmeasuredPlans, refuseUnpricedBudgets } from "./choose-cost.ts";
import type { Configuration, ResourceLimits } from "./configuration.ts";
import { ExperimentFile } from "./experiment-file.ts";
import { configurationsIn, findConfiguration } from "./find-configuration.ts";
import { loadPrices, payByPlan } from "./load-prices.ts";
import { REHEARSAL } from "./rehearsal-configuration.ts";
import { resolveProviders } from "./resolve-providers.ts";

/** The options of the command line that concern the configuration. */
export interface ConfigurationOptions extends BudgetOptions {
  readonly config?: string | undefined;
  readonly seed?: string;
  /** Compare the baseline with itself. */
  readonly aa?: boolean;
}

const DEFAULT_SEED = "1";
const DEFAULT_IDLE_MINUTES = 5;
const MS_PER_MINUTE = 60_000;

/**
 * Joins command line, environment, file and defaults. The first source that gives a value wins.
 * @throws ConfigurationError naming file, line, value and remedy.
 */
export function loadConfiguration(
  options: ConfigurationOptions,
  environment: Environment,
): Configuration {
  const { file, content: written } = readExperimentFile(options, environment);
  const isAgainstItself = options.aa === true;
  const content = isAgainstItself ? againstItself(written) : written;
  const folder = file === null ? environment.cwd : path.dirname(file);
  const resolved = resolveProviders(content, folder);
  const { design, limits, analysis = {} } = content;
  const fileName = nameOf(file);
  const prices = loadPrices(content.prices, folder, fileName);
  const [baseline, candidate, ...others] = resolved.providers;
  const paid = payByPlan(content.providers, prices, fileName);
  const providers = [paid(baseline), paid(candidate), ...others.map(paid)] as const;
  const budgets = resolveBudgets({
    options,
    variables: environment.variables,
    file: content.budgets,
    fileName,
  });
  refuseUnpricedBudgets(budgets, { providers, prices });
  const configuration: Configuration = {
    file,
    givenFile: file === null ? null : path.relative(environment.cwd, file),
    name: content.name,
    seed: options.seed ?? readSeedVariable(environment) ?? content.seed ?? DEFAULT_SEED,
    bank: locateBank(content.tasks.bank, folder),
    include: content.tasks.include,
    replicates: content.tasks.replicates,
    providers,
    upstreams: resolved.upstreams,
    design: {
      blockSize: design.blocks,
      strata: design.strata,
      washoutMs: design.washout_s * 1000,
      concurrency: design.concurrency ?? defaultConcurrency(providers),
      isConcurrencyGiven: design.concurrency !== undefined,
    },
    prices,
    cost: chooseCost(analysis.cost, { providers, prices }),
    costScope: analysis.cost_scope ?? "window",
    gates: loadGates(analysis, folder),
    divergenceShare: analysis.divergence_share ?? DIVERGENCE_SHARE,
    limits: windowLimits(limits, fileName),
    network: content.network,
    telemetry: content.telemetry,
    isAgainstItself,
    isolation: content.isolation,
    resources: resourceLimits(content.resources),
    budgets,
  };
  refuseUnmeasuredPlans(configuration);
  return configuration;
}

/**
 * An agent with its grader keeps about two cores busy. A plan's meter can't separate windows that
 * run at the same time.
 */
function defaultConcurrency(providers: Configuration["providers"]): number {
  if (providers.some(({ plan }) => plan !== undefined)) return 1;
  return Math.min(providers.length, Math.max(1, Math.floor(availableParallelism() / 2)));
}

/**
 * Returns the limits that end or slow down every window, with their origins.
 * @param fileName the name of the file in the origin; null for the built-in rehearsal.
 */
function windowLimits(
  {
    window_minutes: minutes,
    idle_minutes: idleMinutes,
    requests_per_s: pace,
  }: ExperimentFile["limits"],
  fileName: string | null,
): Configuration["limits"] {
  const fromFile = fileName === null ? "rehearsal" : `file ${fileName}`;
  const originOf = (given: number | undefined) => (given === undefined ? "default" : fromFile);
  return {
    windowMs: minutes === undefined ? null : minutes * MS_PER_MINUTE,
    idleMs: (idleMinutes ?? DEFAULT_IDLE_MINUTES) * MS_PER_MINUTE,
    requestsPerS: pace ?? null,
    origins: {
      windowMs: originOf(minutes),
      idleMs: originOf(idleMinutes),
      requestsPerS: originOf(pace),
    },
  };
}

const BYTES_PER = { M: 1024 ** 2, G: 1024 ** 3 } as const;

function resourceLimits({ cpus, memory, processes }: ExperimentFile["resources"]): ResourceLimits {
  const unit = memory?.endsWith("G") === true ? "G" : "M";
  return {
    cpus: cpus ?? null,
    memoryBytes: memory === undefined ? null : Number(memory.slice(0, -1)) * BYTES_PER[unit],
    processes: processes ?? null,
  };
}

/** Loads only the prices. This works even if the experiment can't run because a model has no price. */
export function loadPriceBook(
  options: Pick<ConfigurationOptions, "config">,
  environment: Environment,
): PriceBook {
  const { file, content } = readExperimentFile(options, environment);
  const folder = file === null ? environment.cwd : path.dirname(file);
  return loadPrices(content.prices, folder, nameOf(file));
}

function nameOf(file: string | null): string | null {
  return file === null ? null : path.basename(file);
}

/** Loads the gate file, or the default thresholds. A policy in the configuration overrides both. */
function loadGates(analysis: ExperimentFile["analysis"], folder: string): GateFile {
  const file = analysis?.gates;
  const gates =
    file === undefined ? DEFAULT_GATES : readYamlFile(path.resolve(folder, file), GateFile);
  return { ...gates, policy: analysis?.policy ?? gates.policy };
}

/** Returns the shipped bank, or a folder relative to the configuration. */
function locateBank(bank: string, folder: string): string {
  return bank === "builtin" ? path.join(packageFolder(), "task-bank") : path.resolve(folder, bank);
}

function readExperimentFile(
  { config }: ConfigurationOptions,
  { cwd, stderr }: Environment,
): { file: string | null; content: ExperimentFile } {
  const file = config === undefined ? findConfiguration(cwd) : path.resolve(cwd, config);
  if (file === undefined) {
    const above = findAbove(cwd);
    if (above !== undefined) stderr.write(sayUnused(above, cwd));
    return { file: null, content: REHEARSAL };
  }
  if (!existsSync(file)) {
    throw new ConfigurationError(
      `${file}: there is no such file. Write one with "experiment init", or leave --config out to run the rehearsal.`,
    );
  }
  return { file, content: readYamlFile(file, ExperimentFile) };
}

/** The nearest configuration in a parent folder. */
function findAbove(folder: string): string | undefined {
  const parent = path.dirname(folder);
  if (parent === folder) return undefined;
  return configurationsIn(parent)[0] ?? findAbove(parent);
}

/** The ledger is in the current folder, so another folder's configuration is never used by itself. */
function sayUnused(file: string, cwd: string): string {
  return `experiment: this is the rehearsal. ${file} is in a parent folder and is not used: use it with --config ${path.relative(cwd, file)}.\n`;
}

const SEED_VARIABLE = "COUNTERBALANCE_SEED";

/** An empty variable is a mistake: ignoring it would silently draw another schedule. */
function readSeedVariable({ variables }: Environment): string | undefined {
  const seed = variables[SEED_VARIABLE];
  if (seed !== "") return seed;
  throw new ConfigurationError(
    `environment ${SEED_VARIABLE}: expected a seed, got "". Write one, e.g. 42, or unset the variable.`,
  );
}
