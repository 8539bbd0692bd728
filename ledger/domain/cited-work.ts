import { z } from "zod";

import { AgentLog, SealedWork } from "./window.ts";

const FILES = z.object({
  sealed_work: SealedWork.optional(),
  agent_logs: z.array(AgentLog).optional(),
});
const CITING = FILES.extend({ ungraded: FILES.optional() });

/** The kept work that a row of windows cites, graded or not; undefined if it cites none. */
export function citedWork(row: unknown): SealedWork | undefined {
  const { sealed_work: work, ungraded } = CITING.safeParse(row).data ?? {};
  return work ?? ungraded?.sealed_work;
}

/** As rows cite what agents printed, relative to the data folder. What says otherwise leads nowhere. */
export function isLogFile(name: string): boolean {
  return /^captures\/[0-9a-f]{12}(?:-[0-9a-f]+)?\/[\w.-]+\.jsonl$/u.test(name);
}

/** What agents printed, as a row of windows cites it. */
export function citedLogs(row: unknown): readonly AgentLog[] {
  const { agent_logs: logs, ungraded } = CITING.safeParse(row).data ?? {};
  return logs ?? ungraded?.agent_logs ?? [];
}
