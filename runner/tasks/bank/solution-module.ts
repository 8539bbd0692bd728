import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { parseJson } from "../../platform/json/json-value.ts";
import type { GherkinTask } from "./task.ts";

const WorkspacePackage = z.looseObject({ exports: z.string() });

/**
 * Returns the module that acceptance steps call, relative to the workspace: the `exports` of the task's
 * own `workspace/package.json`. The agent can read it there, and changing its copy has no effect.
 */
export function solutionModule(task: Pick<GherkinTask, "folder" | "solutionPaths">): string {
  const file = path.join(task.folder, "workspace", "package.json");
  const target = readExports(file);
  const module = target === undefined ? undefined : path.posix.normalize(target);
  if (module !== undefined && task.solutionPaths.some((declared) => isBelow(module, declared)))
    return module;
  throw new ConfigurationError(
    `${file}:1: expected "exports" to be a module below ${task.solutionPaths.join(" or ")}, ` +
      `got ${target === undefined ? "nothing" : JSON.stringify(target)}. Write e.g. "exports": "./src/index.ts".`,
  );
}

/** Whether a normalized relative path is a declared path or is below it. */
export function isBelow(relativePath: string, declared: string): boolean {
  const folder = path.posix.normalize(declared).replace(/\/$/u, "");
  return folder === "." || relativePath === folder || relativePath.startsWith(`${folder}/`);
}

function readExports(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  return WorkspacePackage.safeParse(parseJson(readFileSync(file, "utf8"))).data?.exports;
}
