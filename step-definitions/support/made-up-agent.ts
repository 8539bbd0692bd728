import {
  chmodSync,
  copyFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";

import type { EscapeTargets } from "../../runner/agents/sandbox/escape-attempts.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import type { ExperimentWorld } from "./world.ts";

const PACKAGE = "lib/node_modules/made-up-agent";
/** The folder of all built modules, also those of the specs. */
const BUILT = path.join(packageFolder(), "dist");
const BEHAVIOURS = "step-definitions/support/claude-behaviours.js";

/** An agent that a scenario makes up, for one that misbehaves in a certain way. */
interface MadeUpAgent {
  /** The command's name. */
  readonly name: string;
  /** In the words of the specs. */
  readonly behaviour: string;
  /** A file with a good solution, which the agent has in its own package. */
  readonly solution?: string;
  /** What an agent aims at that tries to escape. */
  readonly targets?: EscapeTargets;
}

/** Installs an agent as npm does: a package in a folder of its own, and a link in a folder of the PATH. */
export function installAgent(world: ExperimentWorld, agent: MadeUpAgent): void {
  const { name, behaviour, solution, targets } = agent;
  world.write(file("package.json"), JSON.stringify({ name: "made-up-agent", type: "module" }));
  for (const module of modulesOf(BEHAVIOURS)) {
    cpSync(path.join(BUILT, module), world.file(file(module)));
  }
  world.write(file(`${name}.js`), program(behaviour));
  if (solution !== undefined) copyFileSync(solution, world.file(file("solution.ts")));
  if (targets !== undefined) world.write(file("targets.json"), JSON.stringify(targets));
  chmodSync(world.file(file(`${name}.js`)), 0o755);
  mkdirSync(world.file("bin"), { recursive: true });
  rmSync(world.file(path.join("bin", name)), { force: true });
  symlinkSync(world.file(file(`${name}.js`)), world.file(path.join("bin", name)));
  const before = world.variables["PATH"] ?? "";
  world.variables["PATH"] = [world.file("bin"), before].join(path.delimiter);
}

/** Lets the scenario's agents start with another Node. */
export function useNode(world: ExperimentWorld, node: string): void {
  for (const name of globSync("*.js", { cwd: world.file(PACKAGE) })) {
    const agent = world.read(file(name));
    world.write(file(name), agent.replace(process.execPath, node));
  }
}

function file(part: string): string {
  return path.join(PACKAGE, part);
}

function program(behaviour: string): string {
  return [
    `#!${process.execPath}`,
    `import { CLAUDE_BEHAVIOURS } from "./${BEHAVIOURS}";`,
    'process.env.SOLUTION = import.meta.dirname + "/solution.ts";',
    'process.env.TARGETS = import.meta.dirname + "/targets.json";',
    'if (process.argv.includes("--version")) process.stdout.write("9.9.9 (Claude Code)\\n");',
    `else await CLAUDE_BEHAVIOURS[${JSON.stringify(behaviour)}]();`,
    "",
  ].join("\n");
}

/** A built module, with those that it imports, directly or not. */
function modulesOf(name: string): readonly string[] {
  const text = readFileSync(path.join(BUILT, name), "utf8");
  const imported = [...text.matchAll(/from "(\.[^"]+)"/gu)].map(([, other = ""]) =>
    path.join(path.dirname(name), other),
  );
  return [name, ...imported.flatMap(modulesOf)];
}
