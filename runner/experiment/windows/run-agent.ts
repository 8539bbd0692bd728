import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Meter } from "../../../ledger/domain/meter.ts";
import type { WindowResources } from "../../../ledger/domain/resources.ts";
import type { AgentLog, WindowNetwork } from "../../../ledger/domain/window.ts";
import type { AgentInterception, AgentReport } from "../../agents/drivers/driver.ts";
import type { Bubblewrap } from "../../agents/sandbox/sandbox-line.ts";
import { wrapAgent } from "../../agents/sandbox/wrap-agent.ts";
import type { AttemptId, BudgetAttempt } from "../../gateway/budgets/budget-attempt.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import type { Work } from "../../gateway/budgets/budget-limits.ts";
import { TelemetryTally } from "../../gateway/otlp/telemetry-tally.ts";
import type { Authority } from "../../gateway/proxy/mitm/authority.ts";
import type { Connections } from "../../gateway/proxy/network/connection-log.ts";
import { policyFor } from "../../gateway/proxy/network/network-policy.ts";
import { type AttemptKey, type Proxy, telemetryUrlOf } from "../../gateway/proxy/proxy.ts";
import type { RouteRule } from "../../gateway/proxy/routes/route.ts";
import type { Upstream } from "../../gateway/proxy/upstream.ts";
import type { AttemptTraffic, TrafficTally } from "../../gateway/traffic/attempt-traffic.ts";
import type { Configuration, Provider } from "../../plan/config/configuration.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import { requireSandbox } from "../../plan/providers/require-sandbox.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import {
  type AgentEnd,
  type AgentRun,
  runAgentProcess,
} from "../../platform/processes/run-agent-process.ts";
import type { HeldSecrets, KnownSecrets } from "../../platform/redaction/known-secrets.ts";
import { secretsIn } from "../../platform/redaction/redact.ts";
import type { Task } from "../../tasks/bank/task.ts";
import type { Workspace } from "../../tasks/workspaces/create-workspace.ts";
import { hashOf } from "../../tasks/workspaces/sealed-work.ts";
import { describeReach, nameProxy, watchTunnels } from "./agent-network.ts";
import { agentFolder, agentRoom, withTools } from "./agent-room.ts";
import { type LentLogin, lendLogin } from "./lend-login.ts";
import { openLimits } from "./limit-resources.ts";
import { readMachineState } from "./machine-state.ts";
import { noticeLeftOut } from "./notice-left-out.ts";
import { overwriteSecrets } from "./overwrite-secrets.ts";
import { watchForEnds } from "./watch-for-ends.ts";
import { type AttemptOrder, type NoticedAnomaly, windowKey } from "./window-worker.ts";

/** What runs of agents share in one session. */
export interface AgentParts {
  readonly configuration: Configuration;
  readonly proxy: Proxy;
  readonly book: BudgetBook;
  readonly traffic: AttemptTraffic;
  readonly upstreams: Upstreams;
  /** Opens TLS in place of vendors' hosts. */
  readonly authority: () => Promise<Authority>;
  /** Folders that a sandbox hides wherever they are: bank, ledger, all workspaces. */
  readonly hidden: readonly string[];
  readonly captures: string;
  /** The folder for what agents print, below that of the captures. */
  readonly logs: string;
  /** What output and work must not hold. */
  readonly secrets: KnownSecrets;
  /** Those of the attempt. */
  readonly held: HeldSecrets;
  readonly environment: Environment;
  /** Aborted: the run ends without graces. */
  readonly atOnce: AbortSignal;
}

/** One agent's work in a workspace: all of an attempt, or one turn of a role in it. */
export interface AgentJob {
  readonly order: AttemptOrder;
  readonly task: Task;
  readonly ready: ReadyProvider;
  readonly workspace: Workspace;
  readonly prompt: string;
  readonly work: Work & Required<Pick<Work, "command">>;
  /** The place of a role's turn in the attempt; absent for an agent that works alone. */
  readonly turn?: number;
  /** The number of this run in its turn, from 1; absent for the first. */
  readonly again?: number;
  /** The rest of the window's time, milliseconds; by default all of it. */
  readonly wallLimitMs?: number;
  /** Called when the workspace is ready and the agent starts. */
  readonly began: () => void;
}

/** What one agent did, and what was measured of it. */
export interface AgentRecord {
  readonly budget: BudgetAttempt;
  /** The vendor's own meters, from its answers. */
  readonly meters: readonly Meter[];
  /** When the limit resets that the provider named last, in epoch milliseconds; null if it named none. */
  readonly limitResetsAtMs: number | null;
  readonly tally: TrafficTally;
  /** What the agent sent by OpenTelemetry; null if nothing receives it. */
  readonly telemetry: Pick<TelemetryTally, "read" | "leftOut" | "usageFault"> | null;
  /** What the agent itself says of its run. */
  readonly report: AgentReport;
  readonly end: AgentEnd;
  /** What hides the bank, the ledger and other windows from the agent. */
  readonly isolation: "bubblewrap" | "none";
  readonly network: WindowNetwork;
  readonly connections: Connections;
  readonly resources: WindowResources;
  /** What it printed; null if the disk took none of it. */
  readonly log: AgentLog | null;
  /** Facts about its log-in, and about what it left, that a person has to know. */
  readonly noticed: readonly NoticedAnomaly[];
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const MS_PER_SECOND = 1000;
const OWNER_ONLY = 0o600;
/** A refused client ends by itself; one that still runs after this time is ended. */
const REFUSAL_GRACE_MS = 3000;

/** Runs a real agent in its workspace, through the proxy and within its budgets. */
export async function runAgent(
  parts: AgentParts,
  job: AgentJob,
  signal: AbortSignal,
): Promise<AgentRecord> {
  const { ready, workspace } = job;
  const sinceMs = statSync(workspace.home).ctimeMs;
  const login = await lendLogin(ready, workspace.home, parts.environment);
  parts.held.add(login.secrets());
  const [run] = await Promise.allSettled([runWithLogin(parts, { ...job, login }, signal)]);
  const ofLogin = await login.end();
  parts.held.add(login.secrets());
  const hidden = await hideLogin(parts, { ...job, login, sinceMs }, signal);
  if (run.status === "rejected") throw run.reason;
  // Nothing changes the file from here on.
  const log = await describeLog(parts, captureFile(parts, job));
  return { ...run.value, log, noticed: [...run.value.noticed, ...ofLogin, ...hidden] };
}

async function describeLog({ captures }: AgentParts, log: string): Promise<AgentLog | null> {
  const sha256 = await hashOf(log).catch(() => null);
  const file = path.relative(path.dirname(captures), log).split(path.sep).join("/");
  return sha256 === null ? null : { file, sha256 };
}

/** Overwrites a lent log-in in what the agent has printed and left. */
async function hideLogin(
  parts: AgentParts,
  job: PreparedJob & { readonly sinceMs: number },
  signal: AbortSignal,
): Promise<readonly NoticedAnomaly[]> {
  const { login, sinceMs, workspace } = job;
  const secrets = login.secrets();
  if (secrets.length === 0) return [];
  const { folder, home, setupHome = [] } = workspace;
  const capture = captureFile(parts, job);
  const places = [
    { folder: path.dirname(capture), name: path.basename(capture) },
    ...[folder, home, setupHome].flat().map((left) => ({ folder: left, name: "" })),
  ];
  const { leftOut } = await overwriteSecrets({ places, secrets, sinceMs }, { signal });
  return noticeLeftOut("Parts of what the agent left were not searched for the log-in", leftOut);
}

interface PreparedJob extends AgentJob {
  readonly login: LentLogin;
}

async function runWithLogin(
  parts: AgentParts,
  job: PreparedJob,
  signal: AbortSignal,
): Promise<Omit<AgentRecord, "log">> {
  const { order, task, ready, workspace } = job;
  const { environment, traffic, proxy, book } = parts;
  const key = { ...windowKey(order), ...turnOf(job) };
  const budget = book.openAttempt({ key, ...job.work });
  const refused = new AbortController();
  const tally = traffic.watch(key, () => refused.abort(), ready.provider.upstream);
  const telemetry = parts.configuration.telemetry === "otlp" ? new TelemetryTally() : null;
  const route = await agentRoute(parts, { ...job, telemetry });
  const opened = proxy.openAttempt(route);
  parts.held.add([opened.key]);
  const ends = watchForEnds({ ...parts, clock: environment.clock }, { key, opened, tally });
  const capture = captureFile(parts, job);
  const lastTunnelMs = watchTunnels(
    () => proxy.connectionsOf(opened.key),
    () => environment.clock.monotonicMs(),
  );
  try {
    const bare = await resolveCommandLine({ parts, ...job, opened, telemetry });
    // Some agents hand their variables on to programs that print them.
    parts.held.add(secretsIn(bare.env));
    const bubblewrap = await requireSandbox(parts.configuration, environment);
    job.began();
    const { end, resources } = await runLimited(parts, job, {
      commandLine: await confine(bare, parts, { task, bubblewrap, workspace, ready, opened }),
      isWrapped: bubblewrap !== undefined,
      cwd: agentFolder(task, workspace),
      marker: markerOf(job),
      capture,
      secrets: parts.secrets.inOutput(),
      lastActivityMs: () =>
        proxy.inFlightOf(opened.key) > 0
          ? environment.clock.monotonicMs()
          : Math.max(tally.lastActivityMs(), lastTunnelMs()),
      signal: AbortSignal.any([signal, ends.signal, afterGrace(refused.signal)]),
    });
    const isolation = bubblewrap === undefined ? "none" : "bubblewrap";
    const meters = proxy.metersOf(opened.key);
    const limitResetsAtMs = proxy.limitResetOf(opened.key);
    const reach = describeReach(route.network, proxy.connectionsOf(opened.key));
    const read = await ready.driver.readReport?.({ capture, home: workspace.home }, { signal });
    const noticed = noticeLeftOut("The agent's own report was not read", read?.leftOut ?? []);
    const told = { report: read?.value ?? {}, noticed };
    const measured = { budget, meters, limitResetsAtMs, tally, telemetry, ...told, ...reach };
    return { ...measured, end, isolation, resources };
  } finally {
    ends.stop();
    await proxy.closeAttempt(opened.key);
    book.closeAttempt(key);
    traffic.unwatch(key);
  }
}

/** An attempt's end sweeps its turns too. */
function markerOf({ order: { marker }, turn }: AgentJob): string {
  return turn === undefined ? marker : `${marker}.t${String(turn)}`;
}

function turnOf({ turn }: Pick<AgentJob, "turn">): Pick<AgentJob, "turn"> {
  return turn === undefined ? {} : { turn };
}

interface ObservedJob extends PreparedJob {
  /** null without `telemetry: otlp`. */
  readonly telemetry: TelemetryTally | null;
}

/** An agent's run as the proxy has to know it. Its requests belong to the window, whoever works. */
async function agentRoute(parts: AgentParts, job: ObservedJob) {
  const { order, ready, task, workspace, telemetry } = job;
  const { provider } = ready;
  const { renewals } = job.login;
  return {
    sessionId: order.sessionId,
    experimentId: order.experimentId,
    ...routeOf(parts, provider, windowKey(order)),
    provider: order.planned.provider,
    ...turnOf(job),
    network: policyFor(parts.configuration.network, task.allowedHosts),
    isIntercepted: provider.via === "mitm",
    folder: workspace.base,
    ...(telemetry === null ? {} : { takeTelemetry: (line: string) => telemetry.take(line) }),
    ...(renewals && { renewals: { ...renewals, authority: await parts.authority() } }),
  };
}

type OwnRun = Omit<AgentRun, "wallLimitMs" | "idleLimitMs" | "outputBytesMax" | "clock" | "atOnce">;

/** Runs an agent within the limits of the experiment, and looks at the machine before and after it. */
async function runLimited(parts: AgentParts, job: AgentJob, own: OwnRun) {
  const { configuration, environment, atOnce } = parts;
  const limited = openLimits(configuration.resources, own.marker);
  const start = readMachineState();
  try {
    const end = await runAgentProcess({
      ...own,
      ...limitsOf(configuration, job),
      commandLine: limited.wrap(own.commandLine),
      outputBytesMax: OUTPUT_BYTES_MAX,
      clock: environment.clock,
      atOnce,
    });
    return { end, resources: { limits: limited.limits, start, end: readMachineState() } };
  } finally {
    await limited.close();
  }
}

/** The destinations of a provider's requests, with the credentials that the proxy inserts. */
export interface Upstreams {
  upstreamOf(provider: Provider): Upstream;
  /** Other destinations for some of a provider's requests. */
  routesOf(provider: Provider): readonly RouteRule[];
}

/** Returns the upstream that the proxy sends an attempt to. Every attempt draws its shares anew. */
export function routeOf(
  { configuration, upstreams }: Pick<AgentParts, "configuration" | "upstreams">,
  provider: Provider,
  { window, attempt }: AttemptId,
) {
  const { requestsPerS } = configuration.limits;
  const seed = `${configuration.seed}|${window}|${String(attempt)}`;
  return {
    window,
    attempt,
    provider: provider.id,
    upstream: upstreams.upstreamOf(provider),
    routes: { rules: upstreams.routesOf(provider), seed },
    ...(requestsPerS === null ? {} : { requestsPerS }),
  };
}

async function resolveCommandLine({
  parts,
  ready,
  workspace,
  prompt,
  opened,
  login,
  telemetry,
}: ObservedJob & { readonly parts: AgentParts; readonly opened: AttemptKey }) {
  const { driver, provider, executable } = ready;
  const { environment } = parts;
  writeFileSync(path.join(workspace.home, "prompt.md"), prompt);
  const isInherited = provider.credential.mode === "inherit";
  const isIntercepted = provider.via === "mitm";
  const isTrusting = isIntercepted || login.renewals !== undefined;
  const trusted = isTrusting ? await trustAuthority(parts, workspace, opened) : undefined;
  const commandLine = driver.commandLine(
    {
      home: workspace.home,
      prompt,
      model: provider.model,
      ...(provider.dialect === undefined ? {} : { dialect: provider.dialect }),
      proxyUrl: opened.url,
      proxyKey: opened.key,
      ...(telemetry === null ? {} : { telemetryUrl: telemetryUrlOf(opened) }),
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

/** The authority's folder is hidden from the agent, so the agent gets copies of the public files. */
async function trustAuthority(
  { authority }: AgentParts,
  { home }: Workspace,
  { proxyUrl }: AttemptKey,
): Promise<AgentInterception> {
  const files = await authority();
  const certificateFile = path.join(home, "proxy-ca.pem");
  const bundleFile = path.join(home, "proxy-ca-bundle.pem");
  copyFileSync(files.certificateFile, certificateFile);
  copyFileSync(files.bundleFile, bundleFile);
  return { proxyUrl, certificateFile, bundleFile };
}

function limitsOf({ limits }: Configuration, { task, wallLimitMs }: AgentJob) {
  const wholeMs = windowLimitMs({ limits }, task);
  return { wallLimitMs: wallLimitMs ?? wholeMs, idleLimitMs: limits.idleMs };
}

/** The most time that the agents of one window may work, milliseconds. A task's time is made for one agent. */
export function windowLimitMs(
  { limits }: Pick<Configuration, "limits">,
  { timeoutS }: Task,
  agents = 1,
): number {
  const taskMs = timeoutS * MS_PER_SECOND * agents;
  return limits.windowMs === null ? taskMs : Math.min(taskMs, limits.windowMs);
}

/** A signal that fires a grace time after another one. */
function afterGrace(refused: AbortSignal): AbortSignal {
  const stop = new AbortController();
  refused.addEventListener("abort", () => {
    setTimeout(() => stop.abort(), REFUSAL_GRACE_MS).unref();
  });
  return stop.signal;
}

/** Each run of a role has a file of its own. */
function captureFile(
  { logs }: AgentParts,
  { order, turn, again = 1 }: Pick<AgentJob, "order" | "turn" | "again">,
): string {
  mkdirSync(logs, { recursive: true });
  const numbers = [order.attempt, ...(turn === undefined ? [] : [turn, again])];
  return path.join(logs, `${[order.planned.window, ...numbers].join("-")}.jsonl`);
}

/** Puts the agent into a sandbox, if this machine has one. The proxy is its only way out. */
async function confine(
  bare: CommandLine,
  { proxy, hidden, environment }: AgentParts,
  {
    task,
    bubblewrap,
    workspace,
    ready,
    opened,
  }: {
    readonly task: Task;
    readonly bubblewrap: Bubblewrap | undefined;
    readonly workspace: Workspace;
    readonly ready: ReadyProvider;
    readonly opened: AttemptKey;
  },
): Promise<CommandLine> {
  const tooled = withTools(bare, workspace, bubblewrap !== undefined);
  if (bubblewrap === undefined) return tooled;
  return wrapAgent(nameProxy(tooled, opened.proxyUrl), {
    bubblewrap,
    installation: ready.installation,
    cwd: workspace.folder,
    home: workspace.home,
    hidden,
    origin: proxy.origin,
    socket: await proxy.openSocket(opened.key),
    room: await agentRoom(task, workspace, environment),
  });
}
