import assert from "node:assert/strict";
import path from "node:path";

import { findExecutable } from "../../runner/platform/processes/find-executable.ts";
import type { ExperimentWorld } from "./world.ts";

/** Puts the folder of an installed CLI on the scenario's PATH. Without one the example is skipped by name. */
export async function useInstalled(
  world: ExperimentWorld,
  { command, title }: Readonly<Record<"command" | "title", string>>,
): Promise<"skipped" | undefined> {
  const file = await findExecutable(command, process.env["PATH"]);
  if (file !== undefined) {
    const before = world.variables["PATH"] ?? "";
    world.variables["PATH"] = [path.dirname(file), before].join(path.delimiter);
    return undefined;
  }
  // In CI nobody would notice a skipped example.
  assert.notEqual(process.env["CI"], "true", `${title} is not on the PATH.`);
  return "skipped";
}
