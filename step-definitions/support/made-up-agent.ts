import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";

import type { ExperimentWorld } from "./world.ts";

const PACKAGE = "lib/node_modules/made-up-agent";

/** An agent that a scenario makes up, for one that misbehaves in a certain way. */
interface MadeUpAgent {
  /** The command's name. */
  readonly name: string;
  /** In the words of the specs. */
  readonly behaviour: string;
  /** A file with a good solution, which the agent has in its own package. */
  readonly solution: string;
}

/** Installs an agent as npm does: a package in a folder of its own, and a link in a folder of the PATH. */
export function installAgent(world: ExperimentWorld, agent: MadeUpAgent): void {
  const { name, behaviour, solution } = agent;
  world.write(file("package.json"), JSON.stringify({ name: "made-up-agent", type: "module" }));
  for (const module of modulesOf("claude-behaviours.js")) {
    copyFileSync(path.join(import.meta.dirname, module), world.file(file(module)));
  }
  world.write(file(`${name}.js`), program(behaviour));
  copyFileSync(solution, world.file(file("solution.ts")));
  chmodSync(world.file(file(`${name}.js`)), 0o755);
  mkdirSync(world.file("bin"), { recursive: true });
  rmSync(world.file(path.join("bin", name)), { force: true });
  symlinkSync(world.file(file(`${name}.js`)), world.file(path.join("bin", name)));
  const before = world.variables["PATH"] ?? "";
  world.variables["PATH"] = [world.file("bin"), before].join(path.delimiter);
}

function file(part: string): string {
  return path.join(PACKAGE, part);
}

function program(behaviour: string): string {
  return [
    `#!${process.execPath}`,
    'import { CLAUDE_BEHAVIOURS } from "./claude-behaviours.js";',
    'process.env.SOLUTION = import.meta.dirname + "/solution.ts";',
    'if (process.argv.includes("--version")) process.stdout.write("9.9.9 (Claude Code)\\n");',
    `else await CLAUDE_BEHAVIOURS[${JSON.stringify(behaviour)}]();`,
    "",
  ].join("\n");
}

/** A built module of this folder, with those that it imports from here. */
function modulesOf(name: string): readonly string[] {
  const text = readFileSync(path.join(import.meta.dirname, name), "utf8");
  const imported = [...text.matchAll(/from "\.\/([^"]+)"/gu)].map(([, other = ""]) => other);
  return [name, ...imported.flatMap(modulesOf)];
}
