import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Task } from "../bank/task.ts";
import type { BudgetRefusal } from "../budgets/budget-attempt.ts";
import type { BudgetBook } from "../budgets/budget-book.ts";
import { refusalSentence } from "../budgets/refusal-sentence.ts";
import { watchMinutes } from "../budgets/watch-minutes.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { AgentInterception, CommandLine } from "../drivers/driver.ts";
import { runAgentProcess } from "../drivers/run-agent-process.ts";
import type { Environment } from "../environment.ts";
import type { ReadyProvider } from "../providers/check-providers.ts";
import type { Authority } from "../proxy/mitm/authority.ts";
import type { AttemptKey, Proxy, Upstream } from "../proxy/proxy.ts";
import type { Routes } from "../proxy/routes/route.ts";
import { windowKey } from "../session/attempt-rows.ts";
import type { AttemptOrder, AttemptResult, WindowWorker } from "../session/window-worker.ts";
import { createWorkspace } from "../workspaces/create-workspace.ts";
import { findBubblewrap } from "../workspaces/find-bubblewrap.ts";
import { maskFolders } from "../workspaces/mask-folders.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { AgentRunRecord } from "./agent-run-record.ts";
import type { AttemptTraffic } from "./attempt-traffic.ts";
import { composePrompt } from "./compose-prompt.ts";
import { concludeAttempt } from "./conclude-attempt.ts";

export interface AgentWorkerParts {
  readonly configuration: Configuration;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly providers: readonly ReadyProvider[];
  /** Whether a recording stands in for the models; no such window is evidence of anything. */
  readonly isReplay: boolean;
  readonly proxy: Proxy;
  readonly book: BudgetBook;
  readonly traffic: AttemptTraffic;
  /** Where a provider's requests go, with the credential that is put in. */
  readonly upstreamOf: (provider: Provider) => Upstream;
  /** null where no provider's agent is intercepted. */
  readonly authority: Authority | null;
  readonly routesOf: (provider: Provider) => Routes;
  readonly workspaceRoot: string;
  /** Folders that agents find empty where bubblewrap can hide them: bank, ledger, all workspaces. */
  readonly hidden: readonly string[];
  readonly captures: string;
  readonly environment: Environment;
  /** Aborted when the user wants the run to end without graces. */
  readonly atOnce: AbortSignal;
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
const MS_PER_SECOND = 1000;
/** A refused client ends by itself at once; one that does not is ended. */
const REFUSAL_GRACE_MS = 3000;

/** Works windows with the providers' real agents. */
export function createAgentWorker(parts: AgentWorkerParts): WindowWorker {
  return {
    methodology: parts.isReplay ? "agent-cli-on-a-replay" : "agent-cli-through-proxy",
    workspaceRoot: parts.workspaceRoot,
    work: async (order, signal): Promise<AttemptResult> => {
      const record = await runAgent(parts, order, signal);
      return await concludeAttempt(record, {
        environment: parts.environment,
        signal,
        divergenceShare: parts.configuration.divergenceShare,
      });
    },
  };
}

async function runAgent(
  parts: AgentWorkerParts,
  order: AttemptOrder,
  signal: AbortSignal,
): Promise<AgentRunRecord> {
  const { planned, attempt } = order;
  const { environment, traffic, proxy, book } = parts;
  const task = findTask(parts, planned.featureId);
  const ready = findProvider(parts, planned.provider);
  const name = `${planned.window}-${String(attempt)}`;
  const workspace = await createWorkspace({ task, root: parts.workspaceRoot, name }, environment);
  const key = windowKey(order);
  const budget = book.openAttempt({ key, command: planned.command, windowCap: task.tokensMax });
  const refused = new AbortController();
  const outOfTime = new AbortController();
  const tally = traffic.watch(key, () => refused.abort(), ready.provider.upstream);
  const door = proxy.openAttempt({
    sessionId: order.sessionId,
    experimentId: order.experimentId,
    window: planned.window,
    attempt,
    provider: planned.provider,
    upstream: parts.upstreamOf(ready.provider),
    folder: workspace.base,
    routes: routesFor(parts, order, ready.provider),
    ...paceOf(parts.configuration),
  });
  const onSpent = (spent: BudgetRefusal): void => {
    proxy.refuseAttempt(door.key, { budget: spent.name, sentence: refusalSentence(spent) });
    outOfTime.abort();
  };
  const stopWatching = watchMinutes({ book, key, onSpent });
  const capture = captureFile(parts, order);
  try {
    const bare = await resolveCommandLine({ parts, ready, task, workspace, door });
    const bubblewrap = await findBubblewrap(environment);
    const end = await runAgentProcess({
      commandLine: bubblewrap === undefined ? bare : hide(bare, { bubblewrap, parts, workspace }),
      isWrapped: bubblewrap !== undefined,
      cwd: workspace.folder,
      marker: order.marker,
      ...limitsOf(parts.configuration, task),
      outputBytesMax: OUTPUT_BYTES_MAX,
      capture,
      clock: environment.clock,
      lastActivityMs: () =>
        proxy.inFlightOf(door.key) > 0 ? environment.clock.monotonicMs() : tally.lastActivityMs(),
      signal: AbortSignal.any([signal, outOfTime.signal, afterGrace(refused.signal)]),
      atOnce: parts.atOnce,
    });
    const isolation = bubblewrap === undefined ? "none" : "bubblewrap";
    const meters = proxy.metersOf(door.key);
    return { task, ready, workspace, budget, meters, tally, end, capture, isolation };
  } finally {
    stopWatching();
    await proxy.closeAttempt(door.key);
    book.closeAttempt(key);
    traffic.unwatch(key);
  }
}

/** Shares are drawn anew for every attempt. */
function routesFor(parts: AgentWorkerParts, order: AttemptOrder, provider: Provider): Routes {
  const { rules, seed } = parts.routesOf(provider);
  return { rules, seed: `${seed}|${order.planned.window}|${String(order.attempt)}` };
}

async function resolveCommandLine({
  parts,
  ready,
  task,
  workspace,
  door,
}: {
  readonly parts: AgentWorkerParts;
  readonly ready: ReadyProvider;
  readonly task: Task;
  readonly workspace: Workspace;
  readonly door: AttemptKey;
}) {
  const { driver, provider, executable } = ready;
  const { environment } = parts;
  const prompt = composePrompt(task);
  writeFileSync(path.join(workspace.home, "prompt.md"), prompt);
  const isInherited = provider.credential.mode === "inherit";
  const login = isInherited ? await driver.findLogin?.(environment) : undefined;
  return driver.commandLine(
    {
      workspace: workspace.folder,
      home: workspace.home,
      prompt,
      model: provider.model,
      proxyUrl: door.url,
      proxyKey: door.key,
      ...(provider.via === "mitm" ? { interception: intercept(parts, workspace, door) } : {}),
      auth: isInherited ? "inherit" : "key",
    },
    {
      executable,
      isRoot: environment.isRoot,
      variables: environment.variables,
      ...(login?.found === true ? { login: login.variables } : {}),
    },
  );
}

/** The authority's files lie where the agent can't look, so it gets copies of what is public of them. */
function intercept(
  { authority }: AgentWorkerParts,
  { home }: Workspace,
  { proxyUrl }: AttemptKey,
): AgentInterception {
  if (authority === null) throw new Error("The proxy was not told to intercept.");
  const certificateFile = path.join(home, "proxy-ca.pem");
  const bundleFile = path.join(home, "proxy-ca-bundle.pem");
  copyFileSync(authority.certificateFile, certificateFile);
  copyFileSync(authority.bundleFile, bundleFile);
  return { proxyUrl, certificateFile, bundleFile };
}

/** The agent sees its own attempt's folder and nothing else of the product's data. */
function hide(
  commandLine: CommandLine,
  {
    bubblewrap,
    parts,
    workspace,
  }: {
    readonly bubblewrap: string;
    readonly parts: AgentWorkerParts;
    readonly workspace: Workspace;
  },
): CommandLine {
  return maskFolders(commandLine, {
    bubblewrap,
    hidden: parts.hidden,
    visible: [workspace.base],
    cwd: workspace.folder,
  });
}

function paceOf({ limits: { requestsPerS } }: Configuration) {
  return requestsPerS === null ? {} : { requestsPerS };
}

function limitsOf({ limits }: Configuration, { timeoutS }: Task) {
  const taskMs = timeoutS * MS_PER_SECOND;
  return {
    wallLimitMs: limits.windowMs === null ? taskMs : Math.min(taskMs, limits.windowMs),
    idleLimitMs: limits.idleMs,
  };
}

/** A signal that fires a grace time after another. */
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

function findTask({ tasks }: AgentWorkerParts, featureId: string): Task {
  const task = tasks.get(featureId);
  if (task === undefined)
    throw new Error(`The plan names the task ${featureId}, which was not loaded.`);
  return task;
}

function findProvider({ providers }: AgentWorkerParts, id: string): ReadyProvider {
  const ready = providers.find(({ provider }) => provider.id === id);
  if (ready === undefined)
    throw new Error(`The plan names the provider ${id}, which was not checked.`);
  return ready;
}
