import { readdirSync } from "node:fs";
import path from "node:path";

import type { ExperimentFold } from "../../../ledger/views/experiment-view.ts";
import { unfinishedAttempts } from "../../../ledger/views/progress.ts";
import type { Environment } from "../../environment.ts";
import { lockSession } from "../../session/session-lock.ts";
import { removeWorkspace } from "../../workspaces/remove-workspace.ts";
import { type LedgerOptions, readExperiment } from "../open-ledger.ts";
import { done, type Result } from "../result.ts";

export interface CleanOptions extends LedgerOptions {
  readonly dryRun?: boolean;
}

/** Removes the workspaces of an experiment's attempts that have ended. */
export async function clean(options: CleanOptions, environment: Environment): Promise<Result> {
  return await readExperiment(options, environment, async (view, folder) => {
    const unlock = lockSession(folder);
    try {
      const workspaces = endedWorkspaces(view);
      if (options.dryRun === true) {
        return done(
          [...workspaces, `${String(workspaces.length)} workspaces would be removed.`].join("\n"),
        );
      }
      await Promise.all(workspaces.map((base) => removeWorkspace({ base })));
      return done(`${String(workspaces.length)} workspaces removed.`);
    } finally {
      unlock();
    }
  });
}

/** Folders are named `<window>-<attempt>-…` below the root that their rows name. */
function endedWorkspaces(view: ExperimentFold): readonly string[] {
  const open = new Set(
    unfinishedAttempts(view).map(({ opened }) => `${opened.window}-${String(opened.attempt)}`),
  );
  return workspaceRoots(view).flatMap((root) =>
    listFolders(root)
      .filter((name) => /^W\d+-\d+-\d+-/.test(name))
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
