import path from "node:path";

import { gradeKeptWork } from "./grade-work.ts";
import type { AttemptResult, WindowWorker } from "./window-worker.ts";
import {
  type AgentWorkerParts,
  type Attempt,
  known,
  readyProvider,
  workAlone,
} from "./work-alone.ts";

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
