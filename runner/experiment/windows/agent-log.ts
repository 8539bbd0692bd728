import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";

import type { AgentLog } from "../../../ledger/domain/window.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
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

const TAIL_BYTES = 16 * 1024;
const LINE_CHARACTERS_MAX = 200;

/** The last line that an agent printed; empty if it printed none, or if the disk took none. */
export async function lastLineOf(captures: string, log: AgentLog | undefined): Promise<string> {
  if (log === undefined) return "";
  const file = await open(path.join(path.dirname(captures), log.file)).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString().split("\n").map(toPlainLine);
    return lines.findLast((line) => line !== "")?.slice(0, LINE_CHARACTERS_MAX) ?? "";
  } finally {
    await file.close();
  }
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
