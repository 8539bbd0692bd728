import { openExperimentView } from "../../../../ledger/views/open-view.ts";
import { findIdle, removeIdle } from "../../../experiment/session/find-idle.ts";
import {
  findExperiment,
  type LedgerOptions,
  useNamedExperiment,
} from "../../../experiment/session/recorded-experiment.ts";
import { lockSession } from "../../../experiment/session/session-lock.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { CodeOf } from "../../definition.ts";
import { done, type Result } from "../../result.ts";
import type { clean as definition } from "./definition.ts";

/** Removes the workspaces of an experiment's attempts that have ended, captures that no row needs, and idle setups. */
export const clean: CodeOf<typeof definition> = async (options, environment) => {
  if (options.dryRun === true) return await listIdle(options, environment);
  return await useNamedExperiment(options, environment, async (view, ledger, folder) => {
    const unlock = lockSession(folder);
    try {
      const idle = await findIdle(view, ledger, { folder, environment });
      const left = await removeIdle(idle);
      const lines = sayCounts(idle, "removed");
      return done([...lines, ...left.map((place) => `${place} can't be removed.`)].join("\n"));
    } finally {
      unlock();
    }
  });
};

async function listIdle(options: LedgerOptions, environment: Environment): Promise<Result> {
  return await findExperiment(options, environment, async ({ store, folder, experimentId }) => {
    const view = openExperimentView(store, experimentId);
    const idle = await findIdle(view, store, { folder, environment });
    const sums = sayCounts(idle, "would be removed");
    return done([...Object.values(idle).flat(), ...sums].join("\n"));
  });
}

function sayCounts(
  things: Readonly<Record<string, readonly string[]>>,
  fate: string,
): readonly string[] {
  return Object.entries(things).map(([name, paths]) => `${String(paths.length)} ${name} ${fate}.`);
}
