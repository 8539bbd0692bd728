import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { parseCommandString } from "execa";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { HarnessProcess } from "./harness-process.ts";
import type { ExperimentWorld } from "./world.ts";

const workers = new WeakMap<ExperimentWorld, Map<string, HarnessProcess>>();

interface StartedWorker {
  /** Options of its command line. */
  readonly more?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** By default the program as it is built. */
  readonly program?: string;
}

/** Starts a worker of the scenario's store; none if it has no store. */
export function startWorker(
  world: ExperimentWorld,
  name: string,
  { more = [], ...place }: StartedWorker = {},
): void {
  if (world.variables["COUNTERBALANCE_STORE"] === undefined) return;
  const slots = more.includes("--slots") ? "" : " --slots 1";
  const line = `worker --name ${name} --class made${slots} --metrics 0 --data-dir ${name}`;
  const all = workers.get(world) ?? new Map<string, HarnessProcess>();
  workers.set(world, all);
  all.set(name, new HarnessProcess([...parseCommandString(line), ...more], world, place));
}

export function workersOf(world: ExperimentWorld): ReadonlyMap<string, HarnessProcess> {
  return workers.get(world) ?? new Map<string, HarnessProcess>();
}

/** A copy of the built program with another version. Returns its main file. */
export function copyProgram(world: ExperimentWorld, version: string): string {
  const folder = world.file("another-program");
  mkdirSync(folder);
  cpSync(path.join(packageFolder(), "dist"), path.join(folder, "dist"), { recursive: true });
  for (const name of ["node_modules", "task-bank"])
    symlinkSync(path.join(packageFolder(), name), path.join(folder, name));
  const text = readFileSync(path.join(packageFolder(), "package.json"), "utf8");
  writeFileSync(
    path.join(folder, "package.json"),
    JSON.stringify({ ...JSON.parse(text), version }),
  );
  return path.join(folder, "dist/runner/cli/experiment.cjs");
}
