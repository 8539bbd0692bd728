import { release } from "node:os";

import { plainTable } from "../../reports/text/plain-table.ts";
import { checkDuckdb, checkGit, checkSandbox } from "../plan/providers/check-machine.ts";
import { surveyAgents } from "../plan/providers/survey-agents.ts";
import type { Environment } from "../platform/environment/environment.ts";
import { toolVersion } from "../platform/environment/package-folder.ts";
import { hasInstrumenter } from "../tasks/check/mutants/make-mutants.ts";

/** The versions on this machine, for a bug report. It names no path, no key, no user and no host. */
export async function describeVersions(environment: Environment): Promise<string> {
  const [agents, sandbox, git, duckdb, makesMutants] = await Promise.all([
    surveyAgents(environment),
    checkSandbox(environment),
    checkGit(environment),
    checkDuckdb(),
    hasInstrumenter(),
  ]);
  return plainTable([
    ["counterbalance", toolVersion()],
    ["node", process.versions.node],
    ["system", `${environment.platform} ${release()} ${process.arch}`],
    ["terminal", environment.stdout.isTTY === true ? "yes" : "no"],
    // Without a sandbox the reason may name a folder.
    ["sandbox", sandbox.state === "optional" ? "none" : sandbox.found],
    ["git", git.found],
    ...agents.map(({ driver, probe }) => [driver.name, probe.ready ? probe.version : "none"]),
    ["duckdb", duckdb.state === "ok" ? "yes" : "none"],
    ["instrumenter", makesMutants ? "yes" : "none"],
  ]);
}
