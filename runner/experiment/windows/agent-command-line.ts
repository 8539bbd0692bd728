import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Bubblewrap } from "../../agents/sandbox/sandbox-line.ts";
import { wrapAgent } from "../../agents/sandbox/wrap-agent.ts";
import type { Authority } from "../../gateway/proxy/mitm/authority.ts";
import type { NetworkPolicy } from "../../gateway/proxy/network/network-policy.ts";
import type { AttemptKey, Proxy } from "../../gateway/proxy/proxy.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { handCaFiles, readCaFiles } from "../../platform/network/ca-files.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import type { Task } from "../../tasks/bank/task.ts";
import type { Workspace } from "../../tasks/workspaces/create-workspace.ts";
import { nameProxy } from "./agent-network.ts";
import { agentRoom, withTools } from "./agent-room.ts";
import type { LentLogin } from "./lend-login.ts";
import { trustAuthority } from "./trust-authority.ts";

const OWNER_ONLY = 0o600;

interface Assignment {
  readonly ready: ReadyProvider;
  readonly workspace: Workspace;
  readonly prompt: string;
  readonly opened: AttemptKey;
  readonly login: LentLogin;
  /** The address for OpenTelemetry; null if nothing receives it. */
  readonly telemetryUrl: string | null;
}

interface Session {
  /** Opens TLS in place of vendors' hosts. */
  readonly authority: () => Promise<Authority>;
  readonly environment: Environment;
}

/** The driver's command line for an agent. The files that it asks for are written to the agent's home. */
export async function resolveCommandLine(
  { ready, workspace, prompt, opened, login, telemetryUrl }: Assignment,
  { authority, environment }: Session,
): Promise<CommandLine> {
  const { driver, provider, executable } = ready;
  writeFileSync(path.join(workspace.home, "prompt.md"), prompt);
  const isInherited = provider.credential.mode === "inherit";
  const isIntercepted = provider.via === "mitm";
  const isTrusting = isIntercepted || login.renewals !== undefined;
  const trusted = isTrusting
    ? {
        proxyUrl: opened.proxyUrl,
        ...trustAuthority(await authority(), readCaFiles(environment), workspace.home),
      }
    : undefined;
  const commandLine = driver.commandLine(
    {
      home: workspace.home,
      prompt,
      model: provider.model,
      ...(provider.dialect === undefined ? {} : { dialect: provider.dialect }),
      proxyUrl: opened.url,
      proxyKey: opened.key,
      ...(telemetryUrl === null ? {} : { telemetryUrl }),
      ...(trusted && (isIntercepted ? { interception: trusted } : { renewal: trusted })),
      auth: isInherited ? "inherit" : "key",
    },
    {
      executable,
      isRoot: environment.isRoot,
      variables: environment.variables,
      ...(login.variables === undefined ? {} : { login: login.variables }),
    },
  );
  for (const [name, text] of Object.entries(commandLine.files ?? {})) {
    const file = path.join(workspace.home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: OWNER_ONLY });
  }
  return commandLine;
}

interface Confinement {
  /** Undefined if this machine has no sandbox. */
  readonly bubblewrap: Bubblewrap | undefined;
  readonly task: Task;
  readonly workspace: Workspace;
  readonly ready: ReadyProvider;
  readonly opened: AttemptKey;
  readonly proxy: Proxy;
  readonly network: NetworkPolicy;
  /** Folders that stay hidden wherever they are. */
  readonly hidden: readonly string[];
  readonly environment: Environment;
}

/** Puts the agent into a sandbox, if this machine has one. The proxy is its only way out. */
export async function confine(bare: CommandLine, around: Confinement): Promise<CommandLine> {
  const { bubblewrap, task, workspace, ready, opened, proxy, hidden, environment } = around;
  const tooled = withTools(bare, workspace, bubblewrap !== undefined);
  if (bubblewrap === undefined) return tooled;
  const caFiles = around.network === "closed" ? [] : readCaFiles(environment);
  const { variables, moved } = handCaFiles(caFiles, { isSandboxed: true });
  return wrapAgent(nameProxy(tooled, opened.proxyUrl, variables), {
    bubblewrap,
    installation: ready.installation,
    cwd: workspace.folder,
    home: workspace.home,
    hidden,
    origin: proxy.origin,
    socket: await proxy.openSocket(opened.key),
    moved,
    room: await agentRoom(task, workspace, environment),
  });
}
