import { existsSync } from "node:fs";
import path from "node:path";

import { type Installation, installationOf } from "../../agents/sandbox/installation.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { findTool } from "../../platform/processes/find-executable.ts";
import type { CommandTask } from "../bank/task.ts";

/** Programs that a task's commands start, other than those of the system. */
export interface TaskPrograms extends Installation {
  /** Folders of PATH. */
  readonly folders: readonly string[];
}

const SYSTEM_FOLDERS = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];
/** Programs that others start by name. */
const COMPANIONS: Readonly<Record<string, readonly string[]>> = {
  npm: ["node"],
  npx: ["node", "npm"],
  pnpm: ["node"],
  yarn: ["node"],
};

/** Finds the programs of a task's commands on this machine. Those that setup makes are found later. */
export async function findPrograms(
  { setup, acceptance }: Pick<CommandTask, "setup" | "acceptance">,
  { variables }: Pick<Environment, "variables">,
): Promise<TaskPrograms> {
  const named = [...setup.runs, acceptance.run].map(([program = ""]) => program);
  const wanted = new Set(named.flatMap((name) => [name, ...(COMPANIONS[name] ?? [])]));
  const readable = new Set<string>();
  const links: Record<string, string> = {};
  const folders = new Set([path.dirname(process.execPath)]);
  for (const name of wanted) {
    if (name.includes("/") || isOfSystem(name)) continue;
    const file = await findTool(name, variables["PATH"]);
    if (file === undefined) continue;
    const installation = installationOf(file);
    for (const one of installation.readable) readable.add(one);
    Object.assign(links, installation.links);
    folders.add(path.dirname(file));
  }
  return { readable: [...readable], links, folders: [...folders, ...SYSTEM_FOLDERS] };
}

function isOfSystem(name: string): boolean {
  return SYSTEM_FOLDERS.some((folder) => existsSync(path.join(folder, name)));
}
