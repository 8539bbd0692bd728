import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import type { DataFolder } from "../data-folder.ts";
import { TrackerUsageError } from "./tracker-errors.ts";

const AGENT = /^[A-Za-z0-9][\w.-]{0,63}$/u;
const KEPT_MAX = 100;

const Written = z.array(z.string()).catch([]);

/** An agent's name is also the name of its folder. */
export function checkAgent(agent: string): string {
  if (AGENT.test(agent)) return agent;
  throw new TrackerUsageError(
    `--agent: expected up to 64 letters, digits, ".", "_" or "-", got ${JSON.stringify(agent)}. Write a name such as agent-1.`,
  );
}

/**
 * The ids of an agent's rows, last first. The agent's folder remembers them because the clock may jump,
 * so that the times of rows do not show their order. The ledger alone is the truth.
 */
export function rememberedRows(folder: DataFolder, agent: string): readonly string[] {
  try {
    const text = readFileSync(stateFile(folder, agent), "utf8");
    return Written.parse(JSON.parse(text)).toReversed();
  } catch {
    return [];
  }
}

/** Remembers rows. If it can't, it forgets all rows, and an undo goes by their times. */
export function rememberRows(folder: DataFolder, agent: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const file = stateFile(folder, agent);
  const draft = `${file}.${String(process.pid)}`;
  try {
    const before = rememberedRows(folder, agent).toReversed();
    const kept = [...before.filter((id) => !ids.includes(id)), ...ids].slice(-KEPT_MAX);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(draft, `${JSON.stringify(kept)}\n`);
    renameSync(draft, file);
  } catch {
    // The rows are in the ledger, so a full disk must not fail their command. A memory without the last
    // rows would let an undo take an earlier one.
    for (const each of [file, draft]) remove(each);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { recursive: true, force: true });
  } catch {
    // It does not exist, or can't be removed.
  }
}

function stateFile({ state }: DataFolder, agent: string): string {
  return path.join(state, agent, "written.json");
}
