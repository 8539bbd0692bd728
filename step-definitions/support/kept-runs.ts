import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { AfterAll } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import { type CommandEnd, startCommand } from "./command-run.ts";
import type { ExperimentWorld } from "./world.ts";

const CONFIGURATION = "experiment.yaml";
const DATA = ".experiment";

interface KeptRun {
  readonly folder: string;
  readonly end: CommandEnd;
}

/** Runs that several examples look at: each is made once, and every example gets a copy of what it left. */
const kept = new Map<string, Promise<KeptRun>>();

/** Leaves in the world's folder what `experiment run` with these options leaves there. */
export async function runKept(world: ExperimentWorld, options: string): Promise<void> {
  const configuration = world.read(CONFIGURATION);
  const key = JSON.stringify([configuration, options]);
  const making = kept.get(key) ?? makeRun(configuration, options, world);
  kept.set(key, making);
  const { folder, end } = await making;
  const left = path.join(folder, DATA);
  if (existsSync(left)) cpSync(left, world.file(DATA), { recursive: true });
  world.last = end;
}

async function makeRun(
  configuration: string,
  options: string,
  { variables }: ExperimentWorld,
): Promise<KeptRun> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-kept-"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, CONFIGURATION), configuration);
  const place = { cwd: folder, variables: { ...variables, HOME: folder } };
  const end = await startCommand(["run", ...parseCommandString(options)], place).ended;
  return { folder, end };
}

AfterAll(async function () {
  const runs = await Promise.allSettled(kept.values());
  for (const run of runs) {
    if (run.status === "fulfilled") rmSync(run.value.folder, { recursive: true, force: true });
  }
});
