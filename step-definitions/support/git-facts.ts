import { readdirSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";

import { finalOf } from "./ledger-windows.ts";
import { windowSeen } from "./window-rows.ts";
import type { ExperimentWorld } from "./world.ts";

/** What git says about a folder. */
export async function gitIn(folder: string, args: readonly string[]): Promise<string> {
  const trusted = ["-c", "safe.directory=*"];
  const { stdout } = await execa("git", [...trusted, "-C", folder, ...args]);
  return stdout;
}

/** The folder in which the agent worked at the window that the scenario looks at. */
export function workspaceOf(world: ExperimentWorld): string {
  return path.join(baseOf(world), "workspace");
}

/** The repository that holds the attempt's two commits, out of the agent's reach. */
export function sealedGitOf(world: ExperimentWorld): string {
  return path.join(baseOf(world), "sealed.git");
}

function baseOf(world: ExperimentWorld): string {
  const { window, attempt } = finalOf(world, windowSeen(world));
  const opened = world
    .rowsOf("windows", "window_opened")
    .find((row) => row["window"] === window && row["attempt"] === attempt);
  const root = String(opened?.["workspace"]);
  const start = `${window}-${String(attempt)}-`;
  const name = readdirSync(root).find((entry) => entry.startsWith(start));
  return path.join(root, name ?? "none");
}
