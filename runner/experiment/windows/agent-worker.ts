import path from "node:path";

import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import { endOverlays } from "../../platform/git/clone-folder.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { createWorkspace } from "../../tasks/workspaces/create-workspace.ts";
import { composePrompt } from "./compose-prompt.ts";
import { type AgentRunRecord, concludeAttempt } from "./conclude-attempt.ts";
import { gradeKeptWork } from "./grade-work.ts";
import { type AgentParts, runAgent } from "./run-agent.ts";
import type { AttemptOrder, AttemptResult, WindowPhase, WindowWorker } from "./window-worker.ts";

export interface AgentWorkerParts extends AgentParts {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly providers: readonly ReadyProvider[];
  /** Whether a recording answers instead of the models; such a window is no evidence. */
  readonly isReplay: boolean;
  readonly workspaceRoot: string;
}

/** Works windows with the providers' real agents, alone or as teams. */
export function createAgentWorker(parts: Omit<AgentWorkerParts, "held">): WindowWorker {
  const { secrets } = parts;
  return {
    methodology: parts.isReplay ? "agent-cli-on-a-replay" : "agent-cli-through-proxy",
    workspaceRoot: parts.workspaceRoot,
    work: async (order, signal, began = () => undefined): Promise<AttemptResult> => {
      const { planned } = order;
      const ready = readyProvider(parts.providers, planned.provider);
      const task = known(parts.tasks.get(planned.featureId), planned.featureId);
      const held = secrets.hold();
      try {
        const attempt = { order, task, ready, began };
        return secrets.redact(await work({ ...parts, held }, attempt, signal));
      } finally {
        held.release();
      }
    },
    grade: async (kept, signal) => {
      const { featureId } = kept.planned;
      const task = known(parts.tasks.get(featureId), featureId);
      const { workspaceRoot: root, captures, environment } = parts;
      const place = { task, root, dataFolder: path.dirname(captures) };
      return secrets.redact(await gradeKeptWork(kept, place, { environment, signal }));
    },
  };
}

async function work(
  parts: AgentWorkerParts,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { workflow } = attempt.ready.provider;
  if (workflow === "solo") return await workAlone(parts, attempt, signal);
  const { workAsTeam } = await import("./work-as-team.ts");
  return await workAsTeam(parts, { ...attempt, team: workflow }, signal);
}

/** One attempt at a window, with everything that it names. */
export interface Attempt {
  readonly order: AttemptOrder;
  readonly task: Task;
  readonly ready: ReadyProvider;
  readonly began: (phase: WindowPhase) => void;
}

async function workAlone(
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
function known<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`The plan names ${name}, which was not loaded.`);
  return value;
}
