import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

import type { LedgerReader } from "../../../../ledger/store/store.ts";
import type { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { openExperimentView } from "../../../../ledger/views/open-view.ts";
import { unfinishedAttempts } from "../../../../ledger/views/progress.ts";
import { lockSession } from "../../../experiment/session/session-lock.ts";
import type { DataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { removeFolder } from "../../../platform/git/remove-folder.ts";
import { listIdleSetups } from "../../../tasks/setup/prepare-setup.ts";
import { isFreshFolder } from "../../../tasks/workspaces/seal-workspace.ts";
import { listIdleCaptures } from "../../../tracker/windows/keep-capture.ts";
import type { CodeOf } from "../../definition.ts";
import {
  findExperiment,
  type LedgerOptions,
  useNamedExperiment,
} from "../../ledger/open-ledger.ts";
import { done, type Result } from "../../result.ts";
import type { clean as definition } from "./definition.ts";

/** Removes the workspaces of an experiment's attempts that have ended, captures that no row needs, and idle setups. */
export const clean: CodeOf<typeof definition> = async (options, environment) => {
  if (options.dryRun === true) return await listIdle(options, environment);
  return await useNamedExperiment(options, environment, async (view, ledger, folder) => {
    const unlock = lockSession(folder);
    try {
      const idle = await findIdle(view, ledger, { folder, environment });
      const { workspaces, captures, setups } = idle;
      const removed = await Promise.all(workspaces.map((place) => removeFolder(place)));
      for (const capture of captures) rmSync(capture, { force: true });
      for (const setup of setups) removed.push(await removeFolder(setup));
      const left = [...workspaces, ...setups].filter((_, index) => removed[index] === false);
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

async function findIdle(
  view: ExperimentFold,
  ledger: Pick<LedgerReader, "read">,
  { folder, environment }: { readonly folder: DataFolder; readonly environment: Environment },
) {
  return {
    workspaces: endedWorkspaces(view),
    captures: listIdleCaptures({ folder, ledger, view, nowMs: environment.clock.nowMs() }),
    setups: await listIdleSetups(environment),
  };
}

function sayCounts(
  things: Readonly<Record<string, readonly string[]>>,
  fate: string,
): readonly string[] {
  return Object.entries(things).map(([name, paths]) => `${String(paths.length)} ${name} ${fate}.`);
}

const ATTEMPT_FOLDER = /^W\d+-\d+-\d+-/u;

/**
 * The root that the rows name holds folders called `<window>-<attempt>-…`. It also holds what a killed
 * harness had made to seal or grade.
 */
function endedWorkspaces(view: ExperimentFold): readonly string[] {
  const open = new Set(
    unfinishedAttempts(view).map(({ opened }) => `${opened.window}-${String(opened.attempt)}`),
  );
  return workspaceRoots(view).flatMap((root) =>
    listFolders(root)
      .filter((name) => ATTEMPT_FOLDER.test(name) || isFreshFolder(name))
      .filter((name) => !open.has(name.replace(/-[^-]*$/, "")))
      .map((name) => path.join(root, name)),
  );
}

function workspaceRoots(view: ExperimentFold): readonly string[] {
  const roots = [...view.windows.values()]
    .flatMap(({ attempts }) => [...attempts.values()])
    .flatMap(({ opened }) => opened.map(({ workspace }) => workspace))
    .filter((root) => root !== null);
  return [...new Set(roots)];
}

function listFolders(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch {
    // It is gone already.
    return [];
  }
}
