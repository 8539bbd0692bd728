import path from "node:path";

import type { Environment } from "./environment.ts";

type Variables = Pick<Environment, "variables">;

/**
 * The user's folder for what can be made again, as the XDG Base Directory Specification names it; undefined without
 * a home. A data folder that somebody sends carries no cache, so its figures come from its ledger.
 */
export function cacheFolder(environment: Variables): string | undefined {
  return folderBelow(environment, "XDG_CACHE_HOME", ".cache");
}

/** The user's folder for what this machine has to remember; undefined without a home. */
export function stateFolder(environment: Variables): string | undefined {
  return folderBelow(environment, "XDG_STATE_HOME", ".local/state");
}

function folderBelow({ variables }: Variables, variable: string, usual: string) {
  const { HOME: home = "", [variable]: given = "" } = variables;
  if (path.isAbsolute(given)) return path.join(given, "counterbalance");
  return home === "" ? undefined : path.join(home, usual, "counterbalance");
}
