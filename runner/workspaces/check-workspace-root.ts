import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";

/** Agents could read and change a repository that contains their workspaces. */
class WorkspaceRootError extends CounterbalanceError {
  override readonly exitCode = EXIT.usage;

  constructor(root: string, repository: string) {
    super(
      `The workspace root ${root} is inside the git repository ${repository}, which the agents ` +
        "could then read and change. Name a folder outside of every repository with --workspace-root.",
    );
  }
}

/**
 * Returns the real path of a folder for workspaces, which need not exist yet.
 * @throws WorkspaceRootError if it is inside a git work tree.
 */
export async function checkWorkspaceRoot(root: string): Promise<string> {
  const real = await realPathOf(resolve(root));
  for (let folder = real; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) throw new WorkspaceRootError(root, folder);
    if (folder === dirname(folder)) return real;
  }
}

async function realPathOf(path: string): Promise<string> {
  if (existsSync(path)) return realpath(path);
  return join(await realPathOf(dirname(path)), path.slice(dirname(path).length));
}
