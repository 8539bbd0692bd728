import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { CommandTask } from "../bank/task.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Environment } from "../environment.ts";
import { GraderError } from "../grading/grade-result.ts";
import { readResults } from "../results/read-results.ts";
import { ResultsFault, SUITE } from "../results/test-result.ts";
import { cloneFolder } from "../setup/clone-folder.ts";
import { type PreparedSetup, prepareSetup } from "../setup/prepare-setup.ts";
import { runInRoom } from "../setup/run-in-room.ts";
import { type TaskRoom, workFolder } from "../setup/task-room.ts";
import { removeFolder } from "../workspaces/remove-folder.ts";
import { GitError, runGit } from "../workspaces/run-git.ts";
import type { SuiteRun } from "./sort-tests.ts";

/** The tests of one task, ready to run. */
export interface TaskRuns {
  /** Runs the tests once. @throws GraderError */
  readonly runTests: (how: { readonly withSolution: boolean }) => Promise<SuiteRun>;
  /** Objects in the workspace's repository that the history of its start does not need. */
  readonly countForeignObjects: () => Promise<number>;
  readonly close: () => Promise<void>;
}

interface RunTools {
  readonly patch: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Runs setup. @throws GraderError if it fails. */
export async function openTaskRuns(task: CommandTask, tools: RunTools): Promise<TaskRuns> {
  const { environment } = tools;
  const setup = await prepareSetup(task, environment).catch((error: unknown) => {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new GraderError(error.message, { cause: error });
  });
  const base = await mkdtemp(path.join(tmpdir(), "counterbalance-proof-"));
  // Each run gets fresh files. They share what tools keep for later, such as compiled packages.
  const home = path.join(base, "home");
  await cloneFolder(setup.home, home, environment);
  return {
    runTests: async ({ withSolution }) => {
      const tree = path.join(base, environment.randomId());
      try {
        await cloneFolder(setup.tree, tree, environment);
        if (withSolution) await applyPatch(tools.patch, tree, { base, environment });
        return await runSuite(task, { room: { tree, home }, ...tools });
      } finally {
        await removeFolder(tree);
      }
    },
    countForeignObjects: async () => await countForeignObjects(setup, environment),
    close: async () => await removeFolder(base),
  };
}

/** Git checks that the patch fits; otherwise the task's solution is not one of its commit. */
async function applyPatch(
  patch: string,
  tree: string,
  { base, environment }: { readonly base: string; readonly environment: Environment },
): Promise<void> {
  if (patch.trim() === "") return;
  const file = path.join(base, "solution.patch");
  await writeFile(file, patch);
  const args = ["-C", tree, "apply", "--whitespace=nowarn", file];
  try {
    await runGit({ gitDir: path.join(tree, ".git"), workTree: tree, args }, environment);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new GraderError(`solution.patch does not fit: ${error.message}`, { cause: error });
  }
}

/** Agents have read answers from objects that no branch of their workspace had. */
async function countForeignObjects(
  { tree, commitStart }: PreparedSetup,
  environment: Environment,
): Promise<number> {
  const gitDir = path.join(tree, ".git");
  const count = async (args: readonly string[]) =>
    (await runGit({ gitDir, args }, environment)).trimEnd().split("\n").length;
  const all = await count(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
  return all - (await count(["rev-list", "--objects", commitStart]));
}

/** Tests that take longer hang. */
const TESTS_LIMIT_MS = 20 * 60_000;

/** Lays the hidden tests over the files, runs the tests and reads what they wrote. */
async function runSuite(
  task: CommandTask,
  { room, environment, signal }: Omit<RunTools, "patch"> & { readonly room: TaskRoom },
): Promise<SuiteRun> {
  const { run, overlay, results } = task.acceptance;
  if (overlay !== undefined) {
    await cp(path.join(task.folder, overlay), room.tree, { recursive: true, force: true });
  }
  const folder = workFolder(task, room.tree);
  const written = results.format === "exit_code" ? undefined : path.join(folder, results.file);
  if (written !== undefined) await rm(written, { force: true });
  const end = await runLimited({ task, run, room }, { environment, signal });
  if (end.startError !== undefined) {
    throw new GraderError(`the tests did not start: \`${run.join(" ")}\`: ${end.startError}`);
  }
  if (results.format === "exit_code" || written === undefined) {
    return new Map([[SUITE, end.exitCode === 0 ? "passed" : "failed"]]);
  }
  const bytes = existsSync(written) ? [await readFile(written)] : [];
  try {
    const inside = workFolder(task, end.inside.tree);
    const read = readResults(results.format, bytes, inside);
    return new Map(read.map(({ name, status }) => [name, status]));
  } catch (error) {
    if (!(error instanceof ResultsFault)) throw error;
    const said = end.output.trim().split("\n").slice(-3).join(" ");
    throw new GraderError(
      `the tests left no results in ${results.file}: ${error.message}. \`${run.join(" ")}\` ended with ${String(end.exitCode)}: ${said}`,
      { cause: error },
    );
  }
}

async function runLimited(
  command: Parameters<typeof runInRoom>[0],
  { environment, signal }: Pick<RunTools, "environment" | "signal">,
) {
  const running: { kill?: () => void } = {};
  const end = () => running.kill?.();
  const timer = setTimeout(end, TESTS_LIMIT_MS);
  signal.addEventListener("abort", end);
  try {
    const onStart = (_pid: number | undefined, kill: () => void) => {
      running.kill = kill;
    };
    return await runInRoom({ ...command, onStart }, environment);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
