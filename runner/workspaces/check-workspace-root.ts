import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** Workspaces inside a repository would show it to the agents. */
class WorkspaceRootError extends CounterbalanceError {
  override readonly exitCode = 2;

  constructor(root: string, repository: string) {
    super(
      `The workspace root ${root} lies inside the git repository ${repository}, which the agents ` +
        "could then read and change. Give a folder outside of every repository with --workspace-root.",
    );
  }
}

/**
 * Refuses a folder for workspaces that lies in a git work tree, whether it is there already or not.
 * Returns its real path, links resolved.
 */
export async function checkWorkspaceRoot(root: string): Promise<string> {
  const real = await realPathOf(resolve(root));
  for (let folder = real; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) throw new WorkspaceRootError(root, folder);
    if (folder === dirname(folder)) return real;
  }
}

/** The real path, where the last parts need not be there yet. */
async function realPathOf(path: string): Promise<string> {
  if (existsSync(path)) return realpath(path);
  return join(await realPathOf(dirname(path)), path.slice(dirname(path).length));
}
