import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";

import { execa } from "execa";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { HANG_MS } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

/** Builds the package into a project's `node_modules`, as installing it does. */
export async function installBuilt(world: ExperimentWorld): Promise<void> {
  const installed = world.file("node_modules/counterbalance");
  mkdirSync(installed, { recursive: true });
  copyFileSync(path.join(packageFolder(), "package.json"), path.join(installed, "package.json"));
  for (const dependency of ["jstat", "simple-statistics", "seedrandom", "@types"]) {
    const target = path.join(packageFolder(), "node_modules", dependency);
    symlinkSync(target, world.file(path.join("node_modules", dependency)));
  }
  const outDir = path.join(installed, "dist");
  await compile(["-p", path.join(packageFolder(), "tsconfig.build.json"), "--outDir", outDir]);
}

/** Checks a program by the package's published types, and compiles it into the same folder. */
export async function compileProgram(world: ExperimentWorld, name: string): Promise<void> {
  world.write("package.json", JSON.stringify({ type: "module" }));
  const options = ["--strict", "--module", "nodenext", "--target", "es2024", "--types", "node"];
  await compile([...options, "--ignoreConfig", world.file(name)]);
}

async function compile(args: readonly string[]): Promise<void> {
  const compiler = path.join(packageFolder(), "node_modules/.bin/tsc");
  const { exitCode, stdout, stderr } = await execa(compiler, [...args], {
    reject: false,
    timeout: HANG_MS,
  });
  if (exitCode !== 0) throw new Error(`${stdout}\n${stderr}`);
}
