import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import { endOverlays } from "../../platform/git/clone-folder.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { createWorkspace } from "../../tasks/workspaces/create-workspace.ts";
import { composePrompt } from "./compose-prompt.ts";
import { type AgentRunRecord, concludeAttempt } from "./conclude-attempt.ts";
import { type AgentParts, runAgent } from "./run-agent.ts";
import type { AttemptOrder, AttemptResult, WindowPhase } from "./window-worker.ts";

export interface AgentWorkerParts extends AgentParts {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly providers: readonly ReadyProvider[];
  /** Whether a recording answers instead of the models; such a window is no evidence. */
  readonly isReplay: boolean;
  readonly workspaceRoot: string;
}

/** One attempt at a window, with everything that it names. */
export interface Attempt {
  readonly order: AttemptOrder;
  readonly task: Task;
  readonly ready: ReadyProvider;
  readonly began: (phase: WindowPhase) => void;
}

/** Works an attempt of a provider whose windows are worked by one agent. */
export async function workAlone(
  parts: AgentWorkerParts,
  { order, task, ready, began }: Attempt,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { environment, workspaceRoot: root } = parts;
  const { planned, attempt } = order;
  const name = `${planned.window}-${String(attempt)}`;
  const workspace = await createWorkspace({ task, root, name }, environment);
  const { command } = planned;
  const { log, ...agent } = await runAgent(
    parts,
    {
      order,
      task,
      ready,
      workspace,
      prompt: composePrompt(task),
      work: { command, windowCap: task.tokensMax },
      began: () => began("working"),
    },
    signal,
  );
  began("grading");
  const { driver, version } = ready;
  const versions = { [driver.name]: version };
  const record = { ...agent, logs: log === null ? [] : [log], task, workspace, versions };
  return await concludeInWorkspace(parts, { ...record, source: driver.name }, signal);
}

/** Ends the overlays of a workspace when its work is graded: a mount would outlive this process. */
export async function concludeInWorkspace(
  { environment, captures, configuration, secrets }: AgentWorkerParts,
  record: AgentRunRecord,
  signal: AbortSignal,
): Promise<AttemptResult> {
  try {
    const { divergenceShare } = configuration;
    const conclusion = { environment, signal, captures, divergenceShare };
    return await concludeAttempt(record, { ...conclusion, redactFile: secrets.redactFile });
  } finally {
    await endOverlays(record.workspace.base);
  }
}

export function readyProvider(providers: readonly ReadyProvider[], id: string): ReadyProvider {
  return known(
    providers.find(({ provider }) => provider.id === id),
    id,
  );
}

/** The plan names only tasks that were loaded and providers that were checked. */
export function known<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`The plan names ${name}, which was not loaded.`);
  return value;
}
