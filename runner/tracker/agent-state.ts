import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import type { DataFolder } from "../session/data-folder.ts";
import { TrackerUsageError } from "./tracker-errors.ts";

const AGENT = /^[A-Za-z0-9][\w.-]{0,63}$/u;
const KEPT_MAX = 100;

const Written = z.array(z.string()).catch([]);

/** An agent's name, which is also its folder's. */
export function checkAgent(agent: string): string {
  if (AGENT.test(agent)) return agent;
  throw new TrackerUsageError(
    `--agent: expected up to 64 letters, digits, ".", "_" or "-", got ${JSON.stringify(agent)}. Write a name such as agent-1.`,
  );
}

/**
 * The rows that an agent wrote, last first, as it remembers them in its own folder: the clock may
 * jump, so that their times do not tell their order. Only a memory: the ledger alone is the truth.
 */
export function rememberedRows(folder: DataFolder, agent: string): readonly string[] {
  try {
    const text = readFileSync(stateFile(folder, agent), "utf8");
    return Written.parse(JSON.parse(text)).toReversed();
  } catch {
    return [];
  }
}

/** What can't be remembered is let go, with all before it: without it, an undo goes by the rows' times. */
export function rememberRows(folder: DataFolder, agent: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  try {
    writeMemory(folder, agent, ids);
  } catch {
    // The rows are in the ledger: a full disk must not make their command fail now.
    forget(folder, agent);
  }
}

/** A memory without the last rows would let an undo take an earlier one. */
function forget(folder: DataFolder, agent: string): void {
  const file = stateFile(folder, agent);
  try {
    for (const each of [file, draftOf(file)]) rmSync(each, { recursive: true, force: true });
  } catch {
    // Nothing was written there, or nothing can be removed.
  }
}

function draftOf(file: string): string {
  return `${file}.${String(process.pid)}`;
}

function writeMemory(folder: DataFolder, agent: string, ids: readonly string[]): void {
  const before = rememberedRows(folder, agent).toReversed();
  const kept = [...before.filter((id) => !ids.includes(id)), ...ids].slice(-KEPT_MAX);
  const file = stateFile(folder, agent);
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = draftOf(file);
  writeFileSync(draft, `${JSON.stringify(kept)}\n`);
  renameSync(draft, file);
}

function stateFile({ state }: DataFolder, agent: string): string {
  return path.join(state, agent, "written.json");
}
