import type { AgentRoom } from "../../agents/sandbox/wrap-agent.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { findPrograms } from "../../tasks/setup/task-programs.ts";
import { ROOM_INSIDE, toolVariables, workFolder } from "../../tasks/setup/task-room.ts";
import type { Workspace } from "../../tasks/workspaces/create-workspace.ts";

/** The folder in which an agent works, outside of a sandbox. */
export function agentFolder(task: Task, { folder }: Pick<Workspace, "folder">): string {
  return task.kind === "command" ? workFolder(task, folder) : folder;
}

/** Lets an agent's tools find what setup kept. */
export function withTools(
  commandLine: CommandLine,
  { setupHome }: Pick<Workspace, "setupHome">,
  isSandboxed: boolean,
): CommandLine {
  if (setupHome === undefined) return commandLine;
  const home = isSandboxed ? ROOM_INSIDE.home : setupHome;
  return { ...commandLine, env: { ...toolVariables(home), ...commandLine.env } };
}

/** What a sandboxed agent on a repository sees, in the places that setup saw; undefined for a module. */
export async function agentRoom(
  task: Task,
  { folder, setupHome }: Pick<Workspace, "folder" | "setupHome">,
  environment: Environment,
): Promise<AgentRoom | undefined> {
  if (task.kind === "gherkin" || setupHome === undefined) return undefined;
  const programs = await findPrograms(task, environment);
  return {
    mounted: { [ROOM_INSIDE.tree]: folder, [ROOM_INSIDE.home]: setupHome },
    cwd: workFolder(task, ROOM_INSIDE.tree),
    installation: programs,
    folders: programs.folders,
  };
}
