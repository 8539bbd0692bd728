import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { HeldSecrets } from "../../platform/redaction/known-secrets.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { createWorkspace } from "../../tasks/workspaces/create-workspace.ts";
import type { RunAgent } from "./agent-job.ts";
import { composePrompt } from "./compose-prompt.ts";
import type { AgentRunRecord } from "./conclude-attempt.ts";
import type { AttemptOrder, AttemptResult, WindowPhase } from "./window-worker.ts";

/** One attempt at a window, with everything that it names. */
export interface Attempt {
  readonly order: AttemptOrder;
  readonly task: Task;
  readonly ready: ReadyProvider;
  /** The secrets of the attempt. */
  readonly held: HeldSecrets;
  readonly began: (phase: WindowPhase) => void;
}

/** Seals, measures and grades what the agents of an attempt left. */
export type Conclude = (record: AgentRunRecord, signal: AbortSignal) => Promise<AttemptResult>;

interface AloneParts {
  readonly environment: Environment;
  readonly workspaceRoot: string;
  readonly runAgent: RunAgent;
  readonly conclude: Conclude;
}

/** Works an attempt with one agent. */
export async function workAlone(
  { environment, workspaceRoot: root, runAgent, conclude }: AloneParts,
  { order, task, ready, held, began }: Attempt,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { planned, attempt } = order;
  const name = `${planned.window}-${String(attempt)}`;
  const workspace = await createWorkspace({ task, root, name }, environment);
  const { command } = planned;
  const { log, ...agent } = await runAgent(
    {
      order,
      task,
      ready,
      workspace,
      held,
      prompt: composePrompt(task),
      work: { command, windowCap: task.tokensMax },
      began: () => began("working"),
    },
    signal,
  );
  began("grading");
  const { driver, version } = ready;
  const versions = { [driver.name]: version };
  const logs = log === null ? [] : [log];
  const record = { ...agent, logs, task, workspace, versions, source: driver.name };
  return await conclude(record, signal);
}
