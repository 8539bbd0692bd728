import { execaSync } from "execa";

import { processEnvironment } from "../../runner/platform/environment/environment.ts";
import type { ExperimentWorld } from "./world.ts";

/** A bind mount needs rights that only root has. */
export function canMountReadOnly(): boolean {
  const { isRoot, platform } = processEnvironment();
  return isRoot && platform === "linux";
}

/** Mounts a folder on itself, so that nobody can write to it until the scenario ends. */
export function mountReadOnly(world: ExperimentWorld, name: string): void {
  const folder = world.file(name);
  execaSync("mount", ["--bind", folder, folder]);
  world.cleanups.push(() => void execaSync("umount", [folder]));
  execaSync("mount", ["-o", "remount,ro,bind", folder]);
}
