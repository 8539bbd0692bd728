import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

import type { LedgerReader } from "../../../ledger/store/store.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { unfinishedAttempts } from "../../../ledger/views/progress.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { listIdleSetups } from "../../tasks/setup/prepare-setup.ts";
import { isFreshFolder } from "../../tasks/workspaces/seal-workspace.ts";
import { listIdleCaptures } from "../../tracker/windows/keep-capture.ts";

/** Workspaces of attempts that have ended, captures that no row needs, and idle setups. */
export async function findIdle(
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

/** Returns the folders that can't be removed. */
export async function removeIdle({
  workspaces,
  captures,
  setups,
}: Awaited<ReturnType<typeof findIdle>>): Promise<readonly string[]> {
  const removed = await Promise.all(workspaces.map((place) => removeFolder(place)));
  for (const capture of captures) rmSync(capture, { force: true });
  for (const setup of setups) removed.push(await removeFolder(setup));
  return [...workspaces, ...setups].filter((_, index) => removed[index] === false);
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
