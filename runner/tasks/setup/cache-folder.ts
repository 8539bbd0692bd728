import { homedir } from "node:os";
import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";

/** The folder with what can be made again. */
function cacheFolder({ variables }: Pick<Environment, "variables">): string {
  const named = variables["COUNTERBALANCE_CACHE_DIR"];
  if (named !== undefined && named !== "") return path.resolve(named);
  const user = variables["XDG_CACHE_HOME"];
  const base = user === undefined || user === "" ? path.join(homedir(), ".cache") : user;
  return path.join(base, "counterbalance");
}

/** The folder with the prepared commits of all tasks. */
export function setupsFolder(environment: Pick<Environment, "variables">): string {
  return path.join(cacheFolder(environment), "setups");
}

/** The folder with repositories that came through a store. */
export function commitsFolder(environment: Pick<Environment, "variables">): string {
  return path.join(cacheFolder(environment), "commits");
}
