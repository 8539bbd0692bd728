import os from "node:os";

import { z } from "zod";

import type { Clock } from "../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Database } from "../../ledger/store/postgres/database.ts";
import { differencesOf } from "../assignment/make-plan.ts";
import type { Environment } from "../environment.ts";
import { toolVersion } from "../package-folder.ts";
import { checkProviders, type ReadyProvider } from "../providers/check-providers.ts";
import { requireSandbox } from "../providers/require-sandbox.ts";
import { type Experiment, prepareExperiment } from "../session/prepare-experiment.ts";
import { prepareSetups } from "../session/prepare-setups.ts";
import { openLimits } from "../windows/limit-resources.ts";
import { CommitBundle, receiveCommits } from "./commit-bundles.ts";
import type { OpenSession } from "./switchboard.ts";

const CLOCK_MS_MAX = 2000;
const GIB = 1024 ** 3;

/** What a coordinator says of its experiment and its machine, for each worker to compare. */
const SessionDetails = z.object({
  seed: z.string(),
  sha256: z.string(),
  registration: z.unknown(),
  versions: z.record(z.string(), z.string()),
  sandbox: z.enum(["bubblewrap", "none"]),
  limits: z.array(z.string()),
  /** The commits of tasks, as the store has them. */
  bundles: z.array(CommitBundle),
});
export type SessionDetails = z.infer<typeof SessionDetails>;
/** What a machine says of itself. */
type MachineDetails = Omit<SessionDetails, "bundles">;

/** An experiment that this machine can work, with its agents. */
export interface ProvenExperiment {
  readonly experiment: Experiment;
  readonly providers: readonly ReadyProvider[];
}

interface MachineParts {
  readonly options: { readonly config?: string };
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
    seed: plan.registration.seed,
    sha256: plan.sha256,
    registration: plan.registration,
    versions: {
      counterbalance: toolVersion(),
      ...Object.fromEntries(providers.map(({ driver, version }) => [driver.name, version])),
    },
    sandbox: sandbox === undefined ? "none" : "bubblewrap",
    limits: limited.limits.map(
      ({ resource, limit, enforced_by: by }) =>
        `${resource} ${String(limit)} ${by === null ? "not enforced" : "enforced"}`,
    ),
  };
}

/** Whether this machine would work the windows of a session as its coordinator's would; otherwise why not. */
export async function proveMachine(
  session: OpenSession,
  { options, environment, agentFolders, store }: MachineParts,
): Promise<ProvenExperiment | { readonly lacks: string }> {
  const wanted = SessionDetails.safeParse(session.details);
  if (!wanted.success) {
    return { lacks: "the coordinator has another version of this program" };
  }
  const off = await clockOff(environment.clock, store);
  if (Math.abs(off) > CLOCK_MS_MAX) {
    return {
      lacks: `its clock is ${(off / 1000).toFixed(1)} s off the store's; at most 2 s are allowed. Let it follow a time server`,
    };
  }
  try {
    const places = await receiveCommits(wanted.data.bundles, { database: store, environment });
    const { seed } = wanted.data;
    const experiment = prepareExperiment({ ...options, seed }, environment, places);
    const { plan, configuration, tasks } = experiment;
    if (plan.sha256 !== wanted.data.sha256) {
      const registered = z.looseObject({}).parse(wanted.data.registration);
      const changes = differencesOf(registered, plan.registration).join(", ");
      return {
        lacks: `it has another experiment: ${changes || "the registration"} differs. Give it the same configuration and tasks`,
      };
    }
    const providers = await checkProviders(configuration, environment, agentFolders);
    await prepareSetups(tasks.values(), environment);
    const proven = { experiment, providers };
    const lacks = differenceOf(wanted.data, await describeMachine(proven, environment));
    return lacks === null ? proven : { lacks };
  } catch (error) {
    if (!(error instanceof CounterbalanceError)) throw error;
    return { lacks: error.message };
  }
}

function differenceOf(wanted: SessionDetails, here: MachineDetails): string | null {
  for (const [name, version] of Object.entries(wanted.versions)) {
    const own = here.versions[name];
    if (own !== undefined && own !== version) {
      return `it has ${name} ${own}, and the coordinator has ${version}. Install the same version`;
    }
  }
  if (wanted.sandbox !== here.sandbox) {
    return `its sandbox is "${here.sandbox}", and the coordinator's is "${wanted.sandbox}"`;
  }
  const [lacking] = wanted.limits.filter((limit) => !here.limits.includes(limit));
  return lacking === undefined ? null : `its agents would not have the limit "${lacking}"`;
}

/** By how much this machine's clock is ahead of the store's, milliseconds. */
async function clockOff(clock: Clock, { pool }: MachineParts["store"]): Promise<number> {
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
