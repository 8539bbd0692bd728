import { tmpdir, userInfo } from "node:os";
import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";

/** The system's temporary folder: outside of every repository. */
export function defaultWorkspaceRoot({ variables }: Pick<Environment, "variables">): string {
  return variables["TMPDIR"] ?? tmpdir();
}

/** The folder below a root with the workspaces of all experiments of a user. */
export function workspacesBelow(root: string): string {
  return path.join(root, `counterbalance-${userInfo().username}`);
}
