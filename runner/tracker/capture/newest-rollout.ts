import { open, readdir, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  FRESH_MS,
  isFreshLine,
  limitsLine,
  newestLimits,
} from "../../../ledger/sources/codex-status/rollout-limits.ts";
import type { Environment } from "../../platform/environment/environment.ts";

/** The limits are in the last lines of a session log. */
const TAIL_BYTES = 1_048_576;

/** The limits in Codex's newest session logs, or undefined if they are no longer fresh. */
export async function readNewestRollout({
  variables,
  clock,
}: Pick<Environment, "variables" | "clock">): Promise<string | undefined> {
  const home = variables["CODEX_HOME"] ?? path.join(variables["HOME"] ?? os.homedir(), ".codex");
  const nowMs = clock.nowMs();
  const files = await recentFiles(path.join(home, "sessions"), nowMs - FRESH_MS);
  const lines = await Promise.all(files.map(readTail));
  const newest = newestLimits(lines.flat().flatMap((line) => limitsLine(line) ?? []));
  const fresh = newest.filter((line) => isFreshLine(line, nowMs));
  return fresh.length > 0 && fresh.length === newest.length ? `${fresh.join("\n")}\n` : undefined;
}

async function recentFiles(folder: string, sinceMs: number): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const files = names
    .filter((name) => /rollout-[^/\\]*\.jsonl$/u.test(name))
    .map((name) => path.join(folder, name));
  const recent = await Promise.all(
    files.map(async (file) => {
      const { mtimeMs } = await stat(file);
      return mtimeMs >= sinceMs ? [file] : [];
    }),
  );
  return recent.flat();
}

async function readTail(file: string): Promise<readonly string[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(size - start),
      position: start,
    });
    return buffer.toString("utf8", 0, bytesRead).split("\n");
  } finally {
    await handle.close();
  }
}
