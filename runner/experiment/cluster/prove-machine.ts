import os from "node:os";

import type { Clock } from "../../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import type { Database } from "../../../ledger/store/postgres/database.ts";
import { replan } from "../../plan/assignment/make-plan.ts";
import { type Difference, differencesOf } from "../../plan/assignment/question-differences.ts";
import { checkProviders, type ReadyProvider } from "../../plan/providers/check-providers.ts";
import { requireSandbox } from "../../plan/providers/require-sandbox.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { type Experiment, prepareExperiment } from "../session/prepare-experiment.ts";
import { prepareSetups } from "../session/prepare-setups.ts";
import { openLimits } from "../windows/limit-resources.ts";
import { receiveCommits } from "./commit-bundles.ts";
import { readDetails, sayVersions, type SessionDetails } from "./session-details.ts";
import type { OpenSession } from "./switchboard.ts";

export const CLOCK_MS_MAX = 2000;
const GIB = 1024 ** 3;

const DIFFERENCES_SHOWN = 3;
const VALUE_CHARS_MAX = 40;

/** What a machine says about itself. */
type MachineDetails = Omit<SessionDetails, "bundles">;

/** An experiment that this machine can work, with its agents. */
export interface ProvenExperiment {
  readonly experiment: Experiment;
  readonly providers: readonly ReadyProvider[];
}

interface MachineParts {
  /** The path of the configuration; by default the usual one. */
  readonly config: string | undefined;
  readonly environment: Environment;
  readonly agentFolders: readonly string[];
  readonly store: Pick<Database, "pool" | "transaction">;
}

/** How an experiment's machine is equipped, in words that two machines can compare. */
export async function describeMachine(
  { experiment, providers }: ProvenExperiment,
  environment: Environment,
): Promise<MachineDetails> {
  const { configuration, plan } = experiment;
  const sandbox = await requireSandbox(configuration, environment);
  const limited = openLimits(configuration.resources, "probe");
  await limited.close();
  return {
    registration: plan.registration,
    budgets: configuration.budgets,
    limits: configuration.limits,
    versions: {
      counterbalance: toolVersion(),
      ...Object.fromEntries(providers.map(({ driver, version }) => [driver.name, version])),
    },
    sandbox: sandbox === undefined ? "none" : "bubblewrap",
    resources: limited.limits.map(
      ({ resource, limit, enforced_by: by }) =>
        `${resource} ${String(limit)} ${by === null ? "not enforced" : "enforced"}`,
    ),
  };
}

/** Whether this machine would work the windows of a session as its coordinator's would; otherwise why not. */
export async function proveMachine(
  session: OpenSession,
  { config, environment, agentFolders, store }: MachineParts,
): Promise<ProvenExperiment | { readonly lacks: string }> {
  const wanted = readDetails(session.details);
  if ("lacks" in wanted) return wanted;
  const off = await clockOff(environment.clock, store);
  if (Math.abs(off) > CLOCK_MS_MAX) {
    return {
      lacks: `its clock is ${(off / 1000).toFixed(1)} s off the store's; at most 2 s are allowed. Let it follow a time server`,
    };
  }
  try {
    const places = await receiveCommits(wanted.bundles, { database: store, environment });
    const { seed, aa = false } = wanted.registration;
    const experiment = prepareExperiment({ config, seed, aa }, environment, places);
    const { plan, configuration, tasks } = experiment;
    const differences = differencesOf(wanted.registration, plan.registration);
    if (differences.length > 0) return { lacks: sayOtherQuestion(differences) };
    const providers = await checkProviders(configuration, environment, agentFolders);
    await prepareSetups(tasks.values(), environment);
    const proven = { experiment: asCoordinated(experiment, wanted), providers };
    const lacks = differenceOf(wanted, await describeMachine(proven, environment));
    return lacks === null ? proven : { lacks };
  } catch (error) {
    if (!(error instanceof CounterbalanceError)) throw error;
    return { lacks: error.message };
  }
}

/** Later cohorts have added to the schedule, and options of the run may have changed its limits. */
function asCoordinated(experiment: Experiment, wanted: SessionDetails): Experiment {
  const { budgets, limits } = wanted;
  return {
    ...experiment,
    configuration: { ...experiment.configuration, budgets, limits },
    plan: replan(wanted.registration, () => false),
  };
}

function sayOtherQuestion(differences: readonly Difference[]): string {
  const shown = differences.slice(0, DIFFERENCES_SHOWN).map(sayDifference);
  const more = differences.length - shown.length;
  const rest = more === 0 ? "" : `; and ${String(more)} more`;
  return `its configuration or its tasks differ from the coordinator's: ${shown.join("; ")}${rest}. Give it the same ones`;
}

function sayDifference({ field, registered, now }: Difference): string {
  if (now === undefined) return `${field} is missing here`;
  if (registered === undefined) return `${field} is only here`;
  return `${field} is ${sayValue(now)} here and ${sayValue(registered)} there`;
}

function sayValue(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}…` : text;
}

function differenceOf(wanted: SessionDetails, here: MachineDetails): string | null {
  for (const [name, version] of Object.entries(wanted.versions)) {
    const own = here.versions[name];
    if (own !== undefined && own !== version) return sayVersions(name, own, version);
  }
  if (wanted.sandbox !== here.sandbox) {
    return `its sandbox is "${here.sandbox}", and the coordinator's is "${wanted.sandbox}"`;
  }
  const [lacking] = wanted.resources.filter((limit) => !here.resources.includes(limit));
  return lacking === undefined ? null : `its agents would not have the limit "${lacking}"`;
}

/** By how much this machine's clock is ahead of the store's, milliseconds. */
export async function clockOff(clock: Clock, { pool }: Pick<Database, "pool">): Promise<number> {
  const before = clock.nowMs();
  const { rows } = await pool.query<{ ms: string }>(
    "select extract(epoch from clock_timestamp()) * 1000 as ms",
  );
  return (before + clock.nowMs()) / 2 - Number(rows[0]?.ms);
}

/** A name for machines of the same make: both windows of a pair run on one class. */
export function defaultMachineClass(): string {
  const gib = Math.round(os.totalmem() / GIB);
  return `${os.platform()}-${os.arch()}-${String(os.cpus().length)}cpu-${String(gib)}gib`;
}
