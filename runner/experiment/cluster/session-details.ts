import { z } from "zod";

import { ResolvedBudgets } from "../../gateway/budgets/resolve-budgets.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import { toolVersion } from "../../platform/environment/package-folder.ts";
import { CommitBundle } from "./commit-bundles.ts";

const WindowLimits = z.object({
  windowMs: z.number().nullable(),
  idleMs: z.number(),
  requestsPerS: z.number().nullable(),
  origins: z.object({ windowMs: z.string(), idleMs: z.string(), requestsPerS: z.string() }),
}) satisfies z.ZodType<Configuration["limits"]>;

/** What a coordinator says about its experiment and its machine. Its workers take or compare each part. */
export const SessionDetails = z.object({
  registration: z.looseObject({ seed: z.string(), aa: z.boolean().optional() }),
  /** The run's own, which options may have changed: they hold on every worker. */
  budgets: ResolvedBudgets,
  limits: WindowLimits,
  versions: z.record(z.string(), z.string()),
  sandbox: z.enum(["bubblewrap", "none"]),
  /** What limits the resources of an agent, and whether it is enforced. */
  resources: z.array(z.string()),
  /** The commits of tasks, as the store has them. */
  bundles: z.array(CommitBundle),
});
export type SessionDetails = z.infer<typeof SessionDetails>;

/** What coordinators of every version say. */
const Versioned = z.object({ versions: z.looseObject({ counterbalance: z.string() }) });

/** Reads the details of a session. Only a coordinator of the same version means the same by them. */
export function readDetails(details: unknown): SessionDetails | { readonly lacks: string } {
  const wanted = Versioned.safeParse(details).data?.versions.counterbalance;
  const read = SessionDetails.safeParse(details);
  if (wanted === toolVersion() && read.success) return read.data;
  const other = wanted === toolVersion() ? "another build of it" : (wanted ?? "another version");
  return { lacks: sayVersions("counterbalance", toolVersion(), other) };
}

export function sayVersions(name: string, own: string, wanted: string): string {
  return `it has ${name} ${own}, and the coordinator has ${wanted}. Install the same version`;
}
