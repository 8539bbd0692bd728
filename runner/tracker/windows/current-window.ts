import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { parseJson } from "../../../ledger/domain/parse-json.ts";
import { Timestamp, timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import { InvariantRefusedError, TrackerUsageError } from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";

/** The window that an agent works now: commands without `--window` mean it. */
const CurrentWindow = z.object({ window: z.string(), started_at: Timestamp });
export type CurrentWindow = z.infer<typeof CurrentWindow>;

/** The window that the agent has started and not ended; undefined if there is none. */
export function currentWindow(folder: DataFolder, agent: string): CurrentWindow | undefined {
  const file = stateFile(folder, agent);
  if (!existsSync(file)) return undefined;
  const read = CurrentWindow.safeParse(parseJson(readFileSync(file, "utf8")));
  if (read.success) return read.data;
  throw new TrackerUsageError(
    `${file}: expected the agent's current window, got something else. Remove the file, and start the window again: experiment window start NAME`,
  );
}

/**
 * Makes a window the agent's current one. Starting the same window again changes nothing.
 * @throws InvariantRefusedError if another window is current.
 */
export function startWindow(tracker: Tracker, window: string): CurrentWindow {
  const { folder, agent } = tracker;
  const current = currentWindow(folder, agent);
  if (current?.window === window) return current;
  if (current !== undefined) {
    throw new InvariantRefusedError(
      `${agent}: expected no current window, got ${current.window}, started at ${current.started_at}. End it first: experiment window end ${current.window}`,
    );
  }
  return writeCurrent(tracker, window);
}

/** Makes the begun window the agent's current one, if the ended window is. Returns whether it was. */
export function moveWindow(
  tracker: Tracker,
  { ended, begun }: { readonly ended: string; readonly begun: string },
): boolean {
  if (currentWindow(tracker.folder, tracker.agent)?.window !== ended) return false;
  writeCurrent(tracker, begun);
  return true;
}

function writeCurrent({ folder, agent, clock }: Tracker, window: string): CurrentWindow {
  const started = { window, started_at: timestampOf(clock.nowMs()) };
  const file = stateFile(folder, agent);
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${String(process.pid)}`;
  writeFileSync(draft, `${JSON.stringify(started)}\n`);
  renameSync(draft, file);
  return started;
}

/**
 * Ends the agent's current window.
 * @param window - The name that it must have; undefined accepts any.
 * @throws InvariantRefusedError if there is none, or if it has another name.
 */
export function endWindow({ folder, agent }: Tracker, window: string | undefined): CurrentWindow {
  const current = currentWindow(folder, agent);
  if (current === undefined) {
    throw new InvariantRefusedError(
      `${agent}: expected a current window, got none. Start one: experiment window start NAME`,
    );
  }
  if (window !== undefined && window !== current.window) {
    throw new InvariantRefusedError(
      `${agent}: expected the current window ${current.window}, got ${window}. End that one: experiment window end ${current.window}`,
    );
  }
  rmSync(stateFile(folder, agent));
  return current;
}

function stateFile({ state }: DataFolder, agent: string): string {
  return path.join(state, agent, "window.json");
}
