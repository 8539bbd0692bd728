import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { solutionModule } from "../bank/solution-module.ts";
import type { GherkinTask } from "../bank/task.ts";
import type { Cheat } from "./cheats.ts";

/**
 * Hostile solutions that solve nothing. Their modules have the exports of the task's own stub. Some
 * grade slowly, so that only `task check --attack` runs them.
 */
export const ATTACKS: readonly Cheat[] = [
  always("a module that refuses everything with a RangeError scores 0", refusal("RangeError")),
  always("a module that refuses everything with a SyntaxError scores 0", refusal("SyntaxError")),
  always("a module that answers everything with true scores 0", "return true;"),
  always("a module that answers everything with 0 scores 0", "return 0;"),
  always("a module that answers everything with nothing scores 0", "return undefined;"),
  always("a module that answers everything with an empty list scores 0", "return [];"),
  always("a module that gives giant answers scores 0", 'return "x".repeat(50_000_000);'),
  always(
    "a module whose small answers unfold to giant ones scores 0",
    "let value = 1; for (let i = 0; i < 60; i += 1) value = [value, value]; return value;",
  ),
  always(
    "a module that sleeps just below the limit of a call scores 0",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3500);",
  ),
  always("a module that never answers scores 0", "for (;;);"),
  always("a module that never settles its promises scores 0", "return new Promise(() => {});"),
  always(
    "a module that fills its memory scores 0",
    "const held = []; for (;;) held.push(new Array(1_000_000).fill(held.length));",
  ),
  always(
    "a module that ends the processes around it scores 0",
    "for (const pid of [process.ppid, -process.pid, 1]) { try { process.kill(pid, 9); } catch {} } process.abort();",
  ),
  {
    claim: "a module that never finishes loading scores 0",
    act: async (workspace, task) =>
      await replace(workspace, task, "await new Promise(() => {});\n"),
  },
  {
    claim: "a workspace that links to the reference solution scores 0",
    act: linkSolution,
  },
  {
    claim: "a solution of more files than are graded scores 0",
    act: addFiles,
  },
];

const FILES = 1001;

function refusal(name: string): string {
  return `const error = new Error("line 1: refused"); error.name = "${name}"; throw error;`;
}

/** A module in which every call of every export, and of what these make, does the same. */
function always(claim: string, body: string): Cheat {
  return {
    claim,
    act: async (workspace, task) => {
      const stub = await readFile(
        path.join(task.folder, "workspace", solutionModule(task)),
        "utf8",
      );
      await replace(workspace, task, `${SAME(body)}${exportsOf(stub).map(sameExport).join("")}`);
    },
  };
}

const SAME = (body: string): string => `
function same() { ${body} }
const thing = new Proxy({}, { get: (_, name) => (name === "then" ? undefined : same) });
function Thing() { return thing; }
`;

interface Export {
  readonly kind: string;
  readonly name: string;
  readonly hasParameters: boolean;
}

const EXPORT =
  /^export\s+(?:async\s+)?(?<kind>class|function|const|let)\s+(?<name>[\w$]+)\s*(?<empty>\(\s*\))?/gmu;

function exportsOf(stub: string): readonly Export[] {
  return [...stub.matchAll(EXPORT)].map(({ groups = {} }) => {
    const { kind = "", name = "", empty } = groups;
    return { kind, name, hasParameters: empty === undefined };
  });
}

/** A class and a function without parameters make things; any other function gives a value. */
function sameExport({ kind, name, hasParameters }: Export): string {
  const isMaker = kind === "class" || (kind === "function" && !hasParameters);
  return `export const ${name} = ${isMaker ? "Thing" : "same"};\n`;
}

async function replace(workspace: string, task: GherkinTask, code: string): Promise<void> {
  // The attack is plain JavaScript: the comment keeps type checkers away from it.
  await writeFile(path.join(workspace, solutionModule(task)), `// @ts-nocheck\n${code}`);
}

async function linkSolution(workspace: string, task: GherkinTask): Promise<void> {
  for (const declared of task.solutionPaths) {
    const place = path.join(workspace, declared).replace(/\/$/u, "");
    await rm(place, { recursive: true, force: true });
    await mkdir(path.dirname(place), { recursive: true });
    await symlink(path.join(task.folder, "solution", declared), place);
  }
}

/** The right solution among too many files: it was not written by hand. */
async function addFiles(workspace: string, task: GherkinTask): Promise<void> {
  await cp(path.join(task.folder, "solution"), workspace, { recursive: true });
  const folder = path.join(workspace, path.dirname(solutionModule(task)), "more");
  await mkdir(folder);
  for (let file = 0; file < FILES; file += 1) await writeFile(path.join(folder, `${file}.txt`), "");
}
