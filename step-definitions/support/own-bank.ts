import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { parse, stringify } from "yaml";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import type { ExperimentWorld } from "./world.ts";

/** The bank that comes with the product. */
export const BUILTIN_BANK = path.join(packageFolder(), "task-bank");

const folders = new WeakMap<ExperimentWorld, string>();

/** Copies a task into the scenario's folder. */
export function copyTask(world: ExperimentWorld, from: string, to: string): void {
  cpSync(from, world.file(to), { recursive: true });
  folders.set(world, to);
}

/** A path in the task that was copied last. */
export function taskFile(world: ExperimentWorld, ...parts: readonly string[]): string {
  const folder = folders.get(world);
  if (folder === undefined) throw new Error("No task has been copied in this scenario.");
  return world.file([folder, ...parts].join("/"));
}

export interface ListedVariant {
  readonly name: string;
  readonly fails: readonly string[];
}

/** Rewrites the list of the copied task's variants. */
export function changeVariants(
  world: ExperimentWorld,
  change: (variants: readonly ListedVariant[]) => readonly ListedVariant[],
): void {
  const file = taskFile(world, "variants", "variants.yaml");
  const { variants }: { variants: ListedVariant[] } = parse(readFileSync(file, "utf8"));
  writeFileSync(file, stringify({ variants: change(variants) }));
}
