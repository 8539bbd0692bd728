import { copyFileSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Task } from "../bank/task.ts";
import type { AttemptId } from "../budgets/budget-attempt.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { AgentInterception, CommandLine } from "../drivers/driver.ts";
import { type AgentRun, runAgentProcess } from "../drivers/run-agent-process.ts";
import type { Environment } from "../environment.ts";
import { TelemetryTally } from "../otlp/telemetry-tally.ts";
import type { ReadyProvider } from "../providers/check-providers.ts";
import { requireSandbox } from "../providers/require-sandbox.ts";
import type { Authority } from "../proxy/mitm/authority.ts";
import { policyFor } from "../proxy/network/network-policy.ts";
import { type AttemptKey, type Proxy, telemetryUrlOf } from "../proxy/proxy.ts";
import { secretsIn } from "../proxy/recording/redact.ts";
import type { RouteRule } from "../proxy/routes/route.ts";
import type { Upstream } from "../proxy/upstream.ts";
import type { Bubblewrap } from "../sandbox/sandbox-line.ts";
import { wrapAgent } from "../sandbox/wrap-agent.ts";
import { endOverlays } from "../setup/clone-folder.ts";
import { type Workspace, createWorkspace } from "../workspaces/create-workspace.ts";
import { describeReach, nameProxy, watchTunnels } from "./agent-network.ts";
import { agentFolder, agentRoom, withTools } from "./agent-room.ts";
import type { AttemptTraffic } from "./attempt-traffic.ts";
import { composePrompt } from "./compose-prompt.ts";
import { type AgentRunRecord, concludeAttempt } from "./conclude-attempt.ts";
import { gradeKeptWork } from "./grade-work.ts";
import { type LentLogin, lendLogin } from "./lend-login.ts";
import { openLimits } from "./limit-resources.ts";
import { readMachineState } from "./machine-state.ts";
import { overwriteSecrets } from "./overwrite-secrets.ts";
import { watchForEnds } from "./watch-for-ends.ts";
import {
  type AttemptOrder,
  type AttemptResult,
  type WindowPhase,
  type WindowWorker,
  windowKey,
} from "./window-worker.ts";

export interface AgentWorkerParts {
  readonly configuration: Configuration;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly providers: readonly ReadyProvider[];
  /** Whether a recording answers instead of the models; such a window is no evidence. */
  readonly isReplay: boolean;
  readonly proxy: Proxy;
  readonly book: BudgetBook;
  readonly traffic: AttemptTraffic;
  readonly upstreams: Upstreams;
  /** Null if no agent is intercepted. */
  readonly authority: Authority | null;
  readonly workspaceRoot: string;
  /** Folders that a sandbox hides wherever they are: bank, ledger, all workspaces. */
  readonly hidden: readonly string[];
  readonly captures: string;
  readonly environment: Environment;
  /** Aborted: the run ends without graces. */
  readonly atOnce: AbortSignal;
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const MS_PER_SECOND = 1000;
const OWNER_ONLY = 0o600;
/** A refused client ends by itself; one that still runs after this time is ended. */
const REFUSAL_GRACE_MS = 3000;

/** Works windows with the providers' real agents. */
export function createAgentWorker(parts: AgentWorkerParts): WindowWorker {
  return {
    methodology: parts.isReplay ? "agent-cli-on-a-replay" : "agent-cli-through-proxy",
    workspaceRoot: parts.workspaceRoot,
    work: async (order, signal, began = () => undefined): Promise<AttemptResult> => {
      const record = await runAgent({ ...parts, began }, order, signal);
      began("grading");
      try {
        return await concludeAttempt(record, {
          environment: parts.environment,
          signal,
          captures: parts.captures,
          divergenceShare: parts.configuration.divergenceShare,
        });
      } finally {
        // The sealed repository has the work. A mount would outlive this process.
        await endOverlays(record.workspace.base);
      }
    },
    grade: async (kept, signal) => {
      const { featureId } = kept.planned;
      const task = known(parts.tasks.get(featureId), featureId);
      const { workspaceRoot: root, captures, environment } = parts;
      const place = { task, root, dataFolder: path.dirname(captures) };
      return await gradeKeptWork(kept, place, { environment, signal });
    },
  };
}

/** The parts of one attempt. */
interface AttemptParts extends AgentWorkerParts {
  readonly began: (phase: WindowPhase) => void;
}

async function runAgent(
  parts: AttemptParts,
  order: AttemptOrder,
  signal: AbortSignal,
): Promise<AgentRunRecord> {
  const { planned, attempt } = order;
  const { environment } = parts;
  const task = known(parts.tasks.get(planned.featureId), planned.featureId);
  const ready = readyProvider(parts, planned.provider);
  const name = `${planned.window}-${String(attempt)}`;
  const workspace = await createWorkspace({ task, root: parts.workspaceRoot, name }, environment);
  const startedMs = statSync(workspace.home).ctimeMs;
  const login = await lendLogin(ready, workspace.home, environment);
  try {
    return await runWithLogin(parts, { order, task, ready, workspace, login }, signal);
  } finally {
    login.end();
    overwriteSecrets(captureFile(parts, order), login.secrets());
    overwriteSecrets(workspace.folder, login.secrets(), startedMs);
  }
}

interface PreparedAttempt {
  readonly order: AttemptOrder;
  readonly task: Task;
  readonly ready: ReadyProvider;
  readonly workspace: Workspace;
  readonly login: LentLogin;
}

async function runWithLogin(
  parts: AttemptParts,
  { order, task, ready, workspace, login }: PreparedAttempt,
  signal: AbortSignal,
): Promise<AgentRunRecord> {
  const { planned } = order;
  const { environment, traffic, proxy, book } = parts;
  const key = windowKey(order);
  const budget = book.openAttempt({ key, command: planned.command, windowCap: task.tokensMax });
  const refused = new AbortController();
  const tally = traffic.watch(key, () => refused.abort(), ready.provider.upstream);
  const telemetry = parts.configuration.telemetry === "otlp" ? new TelemetryTally() : null;
  const route = agentRoute(parts, { order, ready, task, workspace, login, telemetry });
  const opened = proxy.openAttempt(route);
  const ends = watchForEnds({ ...parts, clock: environment.clock }, { key, opened, tally });
  const capture = captureFile(parts, order);
  const lastTunnelMs = watchTunnels(
    () => proxy.connectionsOf(opened.key),
    () => environment.clock.monotonicMs(),
  );
  try {
    const bare = resolveCommandLine({ parts, ready, task, workspace, opened, login, telemetry });
    const bubblewrap = await requireSandbox(parts.configuration, environment);
    parts.began("working");
    const { end, resources } = await runLimited(parts, task, {
      commandLine: await confine(bare, parts, { task, bubblewrap, workspace, ready, opened }),
      isWrapped: bubblewrap !== undefined,
      cwd: agentFolder(task, workspace),
      marker: order.marker,
      capture,
      secrets: [...knownSecrets(parts, bare, opened), ...login.secrets()],
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
    const measured = { budget, meters, limitResetsAtMs, tally, telemetry, ...reach };
    return { task, ready, workspace, ...measured, end, capture, isolation, resources };
  } finally {
    ends.stop();
    await proxy.closeAttempt(opened.key);
    book.closeAttempt(key);
    traffic.unwatch(key);
  }
}

interface ObservedAttempt extends PreparedAttempt {
  /** null without `telemetry: otlp`. */
  readonly telemetry: TelemetryTally | null;
}

/** An attempt as the proxy has to know it. */
function agentRoute(
  parts: AgentWorkerParts,
  { order, ready: { provider }, task, workspace, login, telemetry }: ObservedAttempt,
) {
  const allowed = [...(task.allowedHosts ?? []), ...login.hosts];
  return {
    sessionId: order.sessionId,
    experimentId: order.experimentId,
    ...routeOf(parts, provider, windowKey(order)),
    network: policyFor(parts.configuration.network, allowed),
    isIntercepted: provider.via === "mitm",
    folder: workspace.base,
    ...(telemetry === null ? {} : { takeTelemetry: (line: string) => telemetry.take(line) }),
  };
}

type OwnRun = Omit<AgentRun, "wallLimitMs" | "idleLimitMs" | "outputBytesMax" | "clock" | "atOnce">;

/** Runs an agent within the limits of the experiment, and looks at the machine before and after it. */
async function runLimited(parts: AgentWorkerParts, task: Task, own: OwnRun) {
  const { configuration, environment, atOnce } = parts;
  const limited = openLimits(configuration.resources, own.marker);
  const start = readMachineState();
  try {
    const end = await runAgentProcess({
      ...own,
      ...limitsOf(configuration, task),
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
  { configuration, upstreams }: Pick<AgentWorkerParts, "configuration" | "upstreams">,
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

function resolveCommandLine({
  parts,
  ready,
  task,
  workspace,
  opened,
  login,
  telemetry,
}: {
  readonly parts: AgentWorkerParts;
  readonly ready: ReadyProvider;
  readonly task: Task;
  readonly workspace: Workspace;
  readonly opened: AttemptKey;
  readonly login: LentLogin;
  readonly telemetry: TelemetryTally | null;
}) {
  const { driver, provider, executable } = ready;
  const { environment } = parts;
  const prompt = composePrompt(task);
  writeFileSync(path.join(workspace.home, "prompt.md"), prompt);
  const isInherited = provider.credential.mode === "inherit";
  const commandLine = driver.commandLine(
    {
      home: workspace.home,
      prompt,
      model: provider.model,
      ...(provider.dialect === undefined ? {} : { dialect: provider.dialect }),
      proxyUrl: opened.url,
      proxyKey: opened.key,
      ...(telemetry === null ? {} : { telemetryUrl: telemetryUrlOf(opened) }),
      ...(provider.via === "mitm" ? { interception: intercept(parts, workspace, opened) } : {}),
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
function intercept(
  { authority }: AgentWorkerParts,
  { home }: Workspace,
  { proxyUrl }: AttemptKey,
): AgentInterception {
  if (authority === null) throw new Error("The proxy has no certificate authority.");
  const certificateFile = path.join(home, "proxy-ca.pem");
  const bundleFile = path.join(home, "proxy-ca-bundle.pem");
  copyFileSync(authority.certificateFile, certificateFile);
  copyFileSync(authority.bundleFile, bundleFile);
  return { proxyUrl, certificateFile, bundleFile };
}

function limitsOf({ limits }: Configuration, { timeoutS }: Task) {
  const taskMs = timeoutS * MS_PER_SECOND;
  return {
    wallLimitMs: limits.windowMs === null ? taskMs : Math.min(taskMs, limits.windowMs),
    idleLimitMs: limits.idleMs,
  };
}

/** A signal that fires a grace time after another one. */
function afterGrace(refused: AbortSignal): AbortSignal {
  const stop = new AbortController();
  refused.addEventListener("abort", () => {
    setTimeout(() => stop.abort(), REFUSAL_GRACE_MS).unref();
  });
  return stop.signal;
}

function captureFile({ captures }: AgentWorkerParts, order: AttemptOrder): string {
  const folder = path.join(captures, order.experimentId);
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${order.planned.window}-${String(order.attempt)}.jsonl`);
}

/** Credentials that an agent may print: its own key, those in its environment, and all of the harness. */
function knownSecrets(
  { configuration, environment: { variables } }: AgentWorkerParts,
  { env }: CommandLine,
  { key }: AttemptKey,
): readonly string[] {
  const credentials = configuration.providers.flatMap(({ credential, routes }) => [
    credential,
    ...routes.map((route) => route.credential),
  ]);
  const named = credentials.flatMap((one) =>
    one.mode === "variable" ? (variables[one.variable] ?? []) : [],
  );
  return [key, ...named, ...secretsIn(env), ...secretsIn(variables)];
}

/** Puts the agent into a sandbox, if this machine has one. The proxy is its only way out. */
async function confine(
  bare: CommandLine,
  { proxy, hidden, environment }: AgentWorkerParts,
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

function readyProvider({ providers }: AgentWorkerParts, id: string): ReadyProvider {
  return known(
    providers.find(({ provider }) => provider.id === id),
    id,
  );
}

/** The plan names only tasks that were loaded and providers that were checked. */
function known<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`The plan names ${name}, which was not loaded.`);
  return value;
}
