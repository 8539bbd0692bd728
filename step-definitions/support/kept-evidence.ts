import assert from "node:assert/strict";

import { citedLogs } from "../../ledger/domain/cited-work.ts";
import { finalRows } from "./ledger-windows.ts";
import type { ExperimentWorld } from "./world.ts";

/** What the agent of a window printed: the file that the window's final row cites. */
export function logOf(world: ExperimentWorld, window: string): string {
  const rows = world.rowsOf("windows", "window_finalized");
  const [log, ...others] = citedLogs(rows.find((row) => row["window"] === window));
  assert.ok(log !== undefined && others.length === 0, window);
  return world.file(`.experiment/${log.file}`);
}

/** The bundle of what the agent of a window left. */
export function workOf(world: ExperimentWorld, window: string): string {
  const final = finalRows(world).find((row) => row.window === window);
  return world.file(`.experiment/${final?.sealed_work?.file ?? "none"}`);
}
