import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, realpath, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { isBelow, solutionModule } from "../bank/solution-module.ts";
import type { GherkinTask } from "../bank/task.ts";
import { SolutionTooLargeError, copySolution } from "./copy-solution.ts";

export type GradingFolders = Awaited<ReturnType<typeof prepareFolders>>;

/** A file in the suite's folder that gives every scenario its `this.solution`. */
export const WORLD_FILE = "solution-world.mjs";

const EXTENSION = path.extname(fileURLToPath(import.meta.url));
const HOST_FILES = [
  "host-main",
  "serve-solution",
  "doubles",
  "frames",
  "restrain",
  "strip-files",
  "stripped-files",
].map((name) => `${name}${EXTENSION}`);
const requireHere = createRequire(import.meta.url);

/** Creates the clean folders of one grading in an empty one. All paths are absolute, without links. */
export async function prepareFolders(request: {
  readonly task: GherkinTask;
  readonly workspace: string;
  readonly scratch: string;
}) {
  const { task, workspace } = request;
  const scratch = await realpath(request.scratch);
  const solution = path.join(scratch, "solution");
  const host = path.join(scratch, "host");
  const suite = path.join(scratch, "suite");
  const stripped = path.join(scratch, "stripped");
  for (const folder of [solution, stripped, host, suite]) await mkdir(folder);
  await prepareHost(host);
  await prepareSuite(task, suite);
  return {
    /** Holds the solution and nothing else. The host may read it. */
    solution,
    /** The module that the host loads. */
    solutionModule: path.join(solution, solutionModule(task)),
    /** Holds the solution's files without their types. The host may read it. */
    stripped,
    /** A copy of the host's own files, so that the host reads nothing from the product. */
    host,
    hostMain: path.join(host, `host-main${EXTENSION}`),
    /** Holds the feature, the acceptance suite and a link to cucumber, for the trusted process. */
    suite,
    /** The reason why the solution can't be graded, if any. Every scenario then fails with it. */
    refusal: await prepareSolution(task, workspace, solution),
  };
}

/** The node_modules folders in which the trusted process finds cucumber and its dependencies. */
export async function nodeModulesFolders(): Promise<readonly string[]> {
  const cucumber = await cucumberFolder();
  // The outermost folder, because package managers link packages from one place in it to another.
  const end =
    cucumber.indexOf(`${path.sep}node_modules${path.sep}`) + `${path.sep}node_modules`.length;
  const ancestors = listAncestors(path.dirname(fileURLToPath(import.meta.url)));
  const lookedInto = ancestors.map((folder) => path.join(folder, "node_modules"));
  return [
    ...new Set([...lookedInto.filter((folder) => existsSync(folder)), cucumber.slice(0, end)]),
  ];
}

function listAncestors(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...listAncestors(parent)];
}

async function cucumberFolder(): Promise<string> {
  return await realpath(path.dirname(requireHere.resolve("@cucumber/cucumber/package.json")));
}

async function prepareHost(host: string): Promise<void> {
  const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "host");
  for (const file of HOST_FILES) await copyFile(path.join(source, file), path.join(host, file));
  await writeModulePackage(host);
}

async function prepareSuite(task: GherkinTask, suite: string): Promise<void> {
  await writeFile(path.join(suite, "feature.feature"), task.featureText);
  for (const folder of task.acceptancePaths) {
    await cp(path.join(task.folder, folder), path.join(suite, folder), {
      recursive: true,
      dereference: true,
    });
  }
  await offerCucumber(path.join(suite, "node_modules/@cucumber/cucumber"));
  const support = new URL(`suite/support${EXTENSION}`, import.meta.url).href;
  await writeFile(path.join(suite, WORLD_FILE), `import ${JSON.stringify(support)};\n`, {
    flag: "wx",
  });
  await writeModulePackage(suite);
}

/** Acceptance steps import `@cucumber/cucumber`: they get the instance of the process that runs them. */
async function offerCucumber(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeModulePackage(folder);
  const instance = new URL(`suite/cucumber${EXTENSION}`, import.meta.url).href;
  await writeFile(path.join(folder, "index.js"), `export * from ${JSON.stringify(instance)};\n`);
}

async function prepareSolution(
  task: GherkinTask,
  workspace: string,
  solution: string,
): Promise<string | undefined> {
  if (!task.solutionPaths.some((declared) => isBelow("package.json", declared)))
    await writeModulePackage(solution);
  try {
    await copySolution(workspace, solution, task.solutionPaths);
    return undefined;
  } catch (error) {
    if (error instanceof SolutionTooLargeError) return error.message;
    throw error;
  }
}

async function writeModulePackage(folder: string): Promise<void> {
  await writeFile(path.join(folder, "package.json"), '{ "type": "module" }\n', { flag: "wx" });
}
