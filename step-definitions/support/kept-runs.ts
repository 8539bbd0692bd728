import { cpSync, existsSync, globSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { parseCommandString } from "execa";

import { type CommandEnd, startCommand } from "./command-run.ts";
import { keepOnce } from "./keep-once.ts";
import type { ExperimentWorld } from "./world.ts";

const DATA = ".experiment";

/**
 * Leaves in the world's folder what `experiment run` with these options leaves there. Examples with the same
 * files and options share one run.
 */
export async function runKept(world: ExperimentWorld, options: string): Promise<void> {
  const key = JSON.stringify([options, filesOf(world)]);
  const { folder, said } = await keepOnce(key, (place) => makeRun(place, options, world));
  const left = path.join(folder, DATA);
  if (existsSync(left)) cpSync(left, world.file(DATA), { recursive: true });
  world.last = said;
}

async function makeRun(
  cwd: string,
  options: string,
  { folder, variables }: ExperimentWorld,
): Promise<CommandEnd> {
  // A new experiment: what an earlier run left in the folder stays there.
  const isGiven = (file: string) => path.relative(folder, file).split(path.sep)[0] !== DATA;
  cpSync(folder, cwd, { recursive: true, filter: isGiven });
  const place = { cwd, variables: { ...variables, HOME: cwd } };
  return await startCommand(["run", ...parseCommandString(options)], place).ended;
}

function filesOf({ folder: cwd }: ExperimentWorld): readonly (readonly string[])[] {
  return globSync("**", { cwd })
    .toSorted()
    .filter((name) => statSync(path.join(cwd, name)).isFile())
    .map((name) => [name, readFileSync(path.join(cwd, name), "utf8")]);
}
