import path from "node:path";

import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import type { AttemptTraffic } from "../../gateway/traffic/attempt-traffic.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import type { ReadyProvider } from "../../plan/providers/check-providers.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { endOverlays } from "../../platform/git/clone-folder.ts";
import type { KnownSecrets } from "../../platform/redaction/known-secrets.ts";
import type { Task } from "../../tasks/bank/task.ts";
import type { RunAgent } from "./agent-job.ts";
import { concludeAttempt } from "./conclude-attempt.ts";
import { gradeKeptWork } from "./grade-work.ts";
import type { AttemptResult, WindowWorker } from "./window-worker.ts";
import { type Attempt, type Conclude, workAlone } from "./work-alone.ts";

interface AgentWorkerParts {
  readonly configuration: Pick<Configuration, "divergenceShare" | "limits">;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly providers: readonly ReadyProvider[];
  readonly runAgent: RunAgent;
  readonly book: BudgetBook;
  readonly traffic: AttemptTraffic;
  /** What output and work must not hold. */
  readonly secrets: KnownSecrets;
  /** Whether a recording answers instead of the models; such a window is not evidence. */
  readonly isReplay: boolean;
  readonly workspaceRoot: string;
  /** The folder that keeps the work of each graded attempt. */
  readonly captures: string;
  readonly environment: Environment;
}

/** Works windows with the providers' real agents, alone or as teams. */
export function createAgentWorker(parts: AgentWorkerParts): WindowWorker {
  const { secrets, environment, captures, workspaceRoot } = parts;
  const readyProvider = (id: string): ReadyProvider =>
    known(
      parts.providers.find(({ provider }) => provider.id === id),
      id,
    );
  const taskOf = (id: string): Task => known(parts.tasks.get(id), id);
  const work = attemptWorker(parts, readyProvider);
  return {
    methodology: parts.isReplay ? "agent-cli-on-a-replay" : "agent-cli-through-proxy",
    workspaceRoot,
    work: async (order, signal, began = () => undefined): Promise<AttemptResult> => {
      const ready = readyProvider(order.planned.provider);
      const task = taskOf(order.planned.featureId);
      const held = secrets.hold();
      try {
        return secrets.redact(await work({ order, task, ready, held, began }, signal));
      } finally {
        held.release();
      }
    },
    grade: async (kept, signal) => {
      const task = taskOf(kept.planned.featureId);
      const place = { task, root: workspaceRoot, dataFolder: path.dirname(captures) };
      return secrets.redact(await gradeKeptWork(kept, place, { environment, signal }));
    },
  };
}

/** Lets one agent or a team work an attempt. */
function attemptWorker(
  {
    configuration,
    runAgent,
    book,
    traffic,
    secrets,
    workspaceRoot,
    captures,
    environment,
  }: AgentWorkerParts,
  readyProvider: (id: string) => ReadyProvider,
) {
  const { redactFile } = secrets;
  const { divergenceShare, limits } = configuration;
  const conclude: Conclude = async (record, signal) => {
    const conclusion = { environment, signal, captures, divergenceShare, redactFile };
    try {
      return await concludeAttempt(record, conclusion);
    } finally {
      // A mount would outlive this process.
      await endOverlays(record.workspace.base);
    }
  };
  return async (attempt: Attempt, signal: AbortSignal): Promise<AttemptResult> => {
    const { workflow } = attempt.ready.provider;
    if (workflow === "solo") {
      return await workAlone({ environment, workspaceRoot, runAgent, conclude }, attempt, signal);
    }
    const { workAsTeam } = await import("./work-as-team.ts");
    const parts = {
      environment,
      workspaceRoot,
      runAgent,
      conclude,
      book,
      traffic,
      limits,
      redactFile,
      readyProvider,
      team: workflow,
    };
    return await workAsTeam(parts, attempt, signal);
  };
}

/** The plan names only tasks that were loaded and providers that were checked. */
function known<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`The plan names ${name}, which was not loaded.`);
  return value;
}
