import { globSync } from "node:fs";

import type { ExperimentWorld } from "./world.ts";

/** Moments of a run that can be seen from outside, by the words of the specs. */
export const KILL_MOMENTS: Readonly<Record<string, (world: ExperimentWorld) => boolean>> = {
  "before anything is registered": (world) => world.exists(".experiment/ledger"),
  "while the agent works": (world) => hasSpent(world) && openWindows(world) === 1,
  "while a request is in flight": (world) =>
    world.rowsOf("budgets", "budget_reserved").length > answered(world),
  "while the work is graded": isGrading,
  "between two windows": (world) =>
    openWindows(world) === 0 && world.rowsOf("windows", "window_finalized").length === 1,
};

function openWindows(world: ExperimentWorld): number {
  const rows = world.rows("windows");
  return rows.reduce((open, { record }) => open + (record === "window_opened" ? 1 : -1), 0);
}

function hasSpent(world: ExperimentWorld): boolean {
  return world.rowsOf("proxy_telemetry", "request_proxied").some(({ status }) => status === 200);
}

function answered(world: ExperimentWorld): number {
  const debits = world.rowsOf("budgets", "budget_debited");
  return debits.filter((row) => row["is_final"] === true && row["unit"] !== "minutes").length;
}

/** The grader works in a folder next to those of the attempts, and removes it again. */
function isGrading(world: ExperimentWorld): boolean {
  return globSync("tmp/counterbalance-*/*/grading-*", { cwd: world.folder }).length > 0;
}
