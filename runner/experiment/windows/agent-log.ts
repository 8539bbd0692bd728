import { mkdirSync } from "node:fs";
import path from "node:path";

import type { AgentLog } from "../../../ledger/domain/window.ts";
import type { Workspace } from "../../tasks/workspaces/create-workspace.ts";
import { hashOf } from "../../tasks/workspaces/sealed-work.ts";
import type { AgentJob } from "./agent-job.ts";
import { noticeLeftOut } from "./notice-left-out.ts";
import { overwriteSecrets } from "./overwrite-secrets.ts";
import type { NoticedAnomaly } from "./window-worker.ts";

/** The file that an agent prints to. Each run of a role has its own. */
export function captureFile(
  logs: string,
  { order, turn, again = 1 }: Pick<AgentJob, "order" | "turn" | "again">,
): string {
  mkdirSync(logs, { recursive: true });
  const numbers = [order.attempt, ...(turn === undefined ? [] : [turn, again])];
  return path.join(logs, `${[order.planned.window, ...numbers].join("-")}.jsonl`);
}

/** What an agent printed, for its row. Call it when nothing changes the file any more. */
export async function describeLog(captures: string, log: string): Promise<AgentLog | null> {
  const sha256 = await hashOf(log).catch(() => null);
  const file = path.relative(path.dirname(captures), log).split(path.sep).join("/");
  return sha256 === null ? null : { file, sha256 };
}

interface LeftSecrets {
  readonly secrets: readonly string[];
  readonly capture: string;
  readonly workspace: Workspace;
  /** When the workspace was made, epoch milliseconds. */
  readonly sinceMs: number;
}

/** Overwrites a lent log-in in what the agent has printed and left. */
export async function hideLogin(
  { secrets, capture, workspace, sinceMs }: LeftSecrets,
  signal: AbortSignal,
): Promise<readonly NoticedAnomaly[]> {
  if (secrets.length === 0) return [];
  const { folder, home, setupHome = [] } = workspace;
  const places = [
    { folder: path.dirname(capture), name: path.basename(capture) },
    ...[folder, home, setupHome].flat().map((left) => ({ folder: left, name: "" })),
  ];
  const { leftOut } = await overwriteSecrets({ places, secrets, sinceMs }, { signal });
  return noticeLeftOut("Parts of what the agent left were not searched for the log-in", leftOut);
}
