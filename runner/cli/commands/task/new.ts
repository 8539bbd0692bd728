import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { taskIdFrom } from "../../../tasks/bank/task-id-option.ts";
import { newTask } from "../../../tasks/import/new-task.ts";
import type { CodeOf } from "../../definition.ts";
import { done } from "../../result.ts";
import type { taskNew as definition } from "./definition.ts";

/** Writes the files of a new task. */
export const taskNew: CodeOf<typeof definition> = async ({ id, from, bank }, environment) => {
  const name = taskIdFrom("<id>", id);
  const folder = path.resolve(environment.cwd, bank, name);
  if (existsSync(folder)) {
    throw new ConfigurationError(
      `${folder}: expected a new folder, got one that exists. Choose another name, or remove it.`,
    );
  }
  const files = await newTask({ id: name, from, folder }, environment);
  write(folder, files);
  const check = `experiment task check ${name} --bank ${shown(path.dirname(folder), environment)}`;
  return done(
    [
      `${shown(folder, environment)} was written:`,
      ...Object.keys(files).map((file) => `  ${file}`),
      `Change them, and check them: ${check}`,
    ].join("\n"),
  );
};

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

function shown(folder: string, { cwd }: Environment): string {
  return path.relative(cwd, folder) || ".";
}
