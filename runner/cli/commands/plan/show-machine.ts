import { AGENTS_ARE_OPEN } from "../../../../reports/text/no-sandbox.ts";
import type { SandboxProbe } from "../../../agents/sandbox/find-bubblewrap.ts";
import type { Experiment } from "../../../experiment/session/prepare-experiment.ts";
import { openLimits } from "../../../experiment/windows/limit-resources.ts";
import type { Configuration } from "../../../plan/config/configuration.ts";
import type { ShownCommandLine } from "../../../plan/providers/check-providers.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { GIT_MISSING } from "../../../platform/git/run-git.ts";
import { findTool } from "../../../platform/processes/find-executable.ts";
import { lackOfRoom } from "../../../tasks/workspaces/workspace-room.ts";
import { workspacesBelow } from "../../../tasks/workspaces/workspace-root.ts";
import { styleFor } from "../../display/live-terminal.ts";

/** Makes the control groups of one attempt and removes them, because only that shows whether it is possible. */
export async function describeResources({ resources }: Configuration): Promise<readonly string[]> {
  const opened = openLimits(resources, "plan");
  await opened.close();
  const parts = opened.limits.map(
    ({ resource, limit, enforced_by: by }) =>
      `${resource === "memory" ? `${sayMib(limit)} of memory` : `${String(limit)} ${resource}`} (${by ?? "not enforced here"})`,
  );
  return parts.length === 0 ? [] : [`Every agent: at most ${parts.join(", ")}`];
}

function sayMib(bytes: number): string {
  return `${String(Math.round(bytes / 1024 ** 2))} MiB`;
}

/** The folder of workspaces, and what a run would refuse to start without, besides its agents. */
export async function describePlace(
  workspaceRoot: string,
  { variables }: Environment,
): Promise<readonly string[]> {
  const git = await findTool("git", variables["PATH"]);
  const lack = lackOfRoom(workspaceRoot);
  return [
    `Workspaces: below ${workspacesBelow(workspaceRoot)}`,
    ...(git === undefined ? [`run refuses to start here: ${GIT_MISSING}`] : []),
    ...(lack === null ? [] : [`run refuses to start here for want of ${lack}`]),
  ];
}

export function describeIsolation(
  sandbox: SandboxProbe,
  { isolation }: Configuration,
  environment: Environment,
): readonly string[] {
  if (sandbox.file !== undefined) {
    return [
      "Isolation of agents: bubblewrap; each command line runs in a sandbox where only its workspace, its home and the system's programs exist",
    ];
  }
  const style = styleFor(environment.stdout, environment);
  return [
    style?.("bold", AGENTS_ARE_OPEN) ?? AGENTS_ARE_OPEN,
    `Isolation of agents: none, because ${sandbox.lacks}. ${sandbox.mend}.`,
    ...(isolation === "required"
      ? ["run refuses to start here, because isolation is required"]
      : []),
  ];
}

/** What agents reach besides their models. Tasks may need more than the experiment allows. */
export function describeNetwork(
  { configuration: { network }, tasks }: Experiment,
  isSandboxed: boolean,
): readonly string[] {
  const said =
    typeof network === "string"
      ? { closed: "closed", open: "open by choice, every public host" }[network]
      : network.allow.join(", ");
  const needs = [...tasks.values()].flatMap(({ id, allowedHosts = [] }) =>
    allowedHosts.length === 0 ? [] : [`${id} also reaches ${allowedHosts.join(", ")}`],
  );
  const open = isSandboxed ? [] : ["without a sandbox nothing of this holds"];
  return [`Network of agents, besides their models: ${[said, ...needs, ...open].join("; ")}`];
}

export function describeCommand({
  provider,
  commandLine,
  lacks,
}: ShownCommandLine): readonly string[] {
  if (commandLine === null) return [`${provider}: ${String(lacks)}`];
  const { file, args, env, files = {} } = commandLine;
  const variables = Object.entries(env).map(([name, value]) => `    ${name}=${value}`);
  const written = Object.entries(files).flatMap(([name, text]) => [
    `    <home>/${name}:`,
    ...text
      .trimEnd()
      .split("\n")
      .map((line) => `      ${line}`),
  ]);
  return [`${provider}: ${[file, ...args].join(" ")}`, ...variables, ...written];
}
