import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { unfinishedAttempts } from "../../../ledger/views/progress.ts";
import { lockSession } from "../../session/session-lock.ts";
import { listIdleSetups } from "../../setup/prepare-setup.ts";
import { listIdleCaptures } from "../../tracker/keep-capture.ts";
import { removeFolder } from "../../workspaces/remove-folder.ts";
import { isFreshFolder } from "../../workspaces/seal-workspace.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { clean as definition } from "../definitions/tool-commands.ts";
import { useExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";

/** Removes the workspaces of an experiment's attempts that have ended, captures that no row needs, and idle setups. */
export const clean: CodeOf<typeof definition> = (options, environment) =>
  useExperiment(options, environment, async (view, ledger, folder) => {
    const unlock = lockSession(folder);
    try {
      const workspaces = endedWorkspaces(view);
      const nowMs = environment.clock.nowMs();
      const captures = listIdleCaptures({ folder, ledger, view, nowMs });
      const setups = await listIdleSetups(environment);
      if (options.dryRun === true) {
        const sums = sayCounts({ workspaces, captures, setups }, "would be removed");
        return done([...workspaces, ...captures, ...setups, ...sums].join("\n"));
      }
      await Promise.all(workspaces.map(removeFolder));
      for (const capture of captures) rmSync(capture, { force: true });
      for (const setup of setups) await removeFolder(setup);
      return done(sayCounts({ workspaces, captures, setups }, "removed").join("\n"));
    } finally {
      unlock();
    }
  });

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
