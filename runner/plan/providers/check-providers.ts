import path from "node:path";

import { UsageError } from "../../../ledger/domain/errors.ts";
import type { Driver } from "../../agents/drivers/driver.ts";
import { driverOf } from "../../agents/drivers/registry.ts";
import { replaceableBecause } from "../../agents/sandbox/harness-tools.ts";
import type { Installation } from "../../agents/sandbox/installation.ts";
import { telemetryUrlOf } from "../../gateway/proxy/proxy.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { GIT_MISSING } from "../../platform/git/run-git.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { findTool } from "../../platform/processes/find-executable.ts";
import { lackOfRoom } from "../../tasks/workspaces/workspace-room.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import { refuseUnreachable, refuseUnreachableHosts } from "./check-network.ts";

/** A provider whose agent is installed, with its executable. */
export interface ReadyProvider {
  readonly provider: Provider;
  readonly driver: Driver;
  readonly executable: string;
  readonly installation: Installation;
  readonly version: string;
}

/** Something that a provider needs is missing on this machine. */
class ProvidersLackingError extends UsageError {}

/**
 * Checks every provider's agent and credential, and the harness's own programs, before anything is spent.
 * @param agentFolders folders in which agents write, or that hold what they write.
 * @throws ProvidersLackingError listing everything that is missing and how to get it.
 */
export async function checkProviders(
  { providers, upstreams }: Configuration,
  environment: Environment,
  agentFolders: readonly string[],
): Promise<readonly ReadyProvider[]> {
  refuseUnreachable({ providers, upstreams }, environment);
  const checks = await Promise.all(providers.map((provider) => check(provider, environment)));
  const git = await findTool("git", environment.variables["PATH"]);
  const bubblewrap = await findTool("bwrap", environment.variables["PATH"]);
  const agents = checks.flatMap((result) => ("lacks" in result ? [] : [result.executable]));
  const programs = [git, bubblewrap, ...new Set(agents)].filter((file) => file !== undefined);
  const lacks = [
    ...checks.flatMap((result) => ("lacks" in result ? [`  ${result.lacks}`] : [])),
    ...(git === undefined ? [`  ${GIT_MISSING}`] : []),
    ...programs.flatMap((file) => refuseProgram(file, agentFolders)),
    ...agentFolders.flatMap(refuseFull),
  ];
  if (lacks.length > 0) {
    throw new ProvidersLackingError(
      ["Nothing was started, because something is missing:", ...lacks].join("\n"),
    );
  }
  return checks.flatMap((result) => ("lacks" in result ? [] : [result]));
}

function refuseFull(folder: string): readonly string[] {
  const lack = lackOfRoom(folder);
  return lack === null ? [] : [`  ${lack}`];
}

function refuseProgram(file: string, agentFolders: readonly string[]): readonly string[] {
  const because = replaceableBecause(file, agentFolders);
  if (because === undefined) return [];
  const mend = "Take this folder out of PATH, or change who may write it.";
  return [
    `  a safe ${path.basename(file)}: an agent could replace ${file}, because ${because}. ${mend}`,
  ];
}

async function check(
  provider: Provider,
  environment: Environment,
): Promise<ReadyProvider | { readonly lacks: string }> {
  const driver = driverOf(provider);
  const missing = await missingCredential(provider, driver, environment);
  if (missing !== null) return { lacks: `${provider.id}: ${missing}` };
  const probe = await driver.probe(environment);
  if (!probe.ready) {
    return {
      lacks: `${provider.id} (${driver.name}) lacks ${probe.lacks}. Install it with: ${probe.install}`,
    };
  }
  const { executable, version } = probe;
  return { provider, driver, executable, installation: driver.installation(executable), version };
}

async function missingCredential(
  provider: Provider,
  driver: Driver,
  environment: Environment,
): Promise<string | null> {
  const missing = missingVariable(provider, environment);
  if (missing !== null) {
    return `the environment variable ${missing} is not set. Put the provider's key into it.`;
  }
  switch (provider.credential.mode) {
    case "scripted":
    case "variable":
      return null;
    case "inherit": {
      // The configuration is refused if the driver can't lend a log-in.
      const login = await driver.findLogin?.(environment);
      if (login?.found === false) return `lacks ${login.lacks}. ${login.mend}`;
      refuseUnreachableHosts(login?.file?.renewal.hosts ?? [], environment);
      return null;
    }
  }
}

/** Returns an unset variable that should hold the key of the provider or of one of its routes. */
export function missingVariable(
  { credential, routes }: Provider,
  { variables }: Environment,
): string | null {
  for (const one of [credential, ...routes.map((route) => route.credential)]) {
    if (one.mode === "variable" && (variables[one.variable] ?? "") === "") return one.variable;
  }
  return null;
}

/** The command line of a provider's agent. Values that only a run knows are in angle brackets. */
export interface ShownCommandLine {
  readonly provider: string;
  /** null if the agent is not installed; `lacks` says what to do. */
  readonly commandLine: CommandLine | null;
  readonly lacks: string | null;
}

/** Returns a provider's command line as a run would use it, without credentials. */
export async function showCommandLine(
  provider: Provider,
  { telemetry }: Pick<Configuration, "telemetry">,
  environment: Environment,
): Promise<ShownCommandLine> {
  const driver = driverOf(provider);
  const probe = await driver.probe(environment);
  if (!probe.ready) {
    return {
      provider: provider.id,
      commandLine: null,
      lacks: `${probe.lacks}. Install it with: ${probe.install}`,
    };
  }
  const url = "http://127.0.0.1:<port>/w/<key>";
  const commandLine = driver.commandLine(
    {
      home: "<home>",
      prompt: "<the feature's text>",
      model: provider.model,
      ...(provider.dialect === undefined ? {} : { dialect: provider.dialect }),
      proxyUrl: url,
      ...(telemetry === "otlp" ? { telemetryUrl: telemetryUrlOf({ url }) } : {}),
      proxyKey: "<key>",
      auth: provider.credential.mode === "inherit" ? "inherit" : "key",
    },
    {
      executable: probe.executable,
      isRoot: environment.isRoot,
      variables: environment.variables,
      login: {},
    },
  );
  return { provider: provider.id, commandLine, lacks: null };
}
