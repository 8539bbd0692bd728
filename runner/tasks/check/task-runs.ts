import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { cloneFolder } from "../../platform/git/clone-folder.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { GitError, runGit } from "../../platform/git/run-git.ts";
import type { CommandTask } from "../bank/task.ts";
import { applyWork, layAcceptance, openGradingRoom } from "../grading/command/grading-room.ts";
import { runAcceptance } from "../grading/command/run-acceptance.ts";
import { GraderError } from "../grading/grade-result.ts";
import { ResultsFault } from "../results/test-result.ts";
import { type PreparedSetup, prepareSetup } from "../setup/prepare-setup.ts";
import type { CommitSpan } from "../workspaces/measure-churn.ts";
import { sealPatch } from "../workspaces/seal-patch.ts";
import type { SuiteRun } from "./sort-tests.ts";

/** The tests of one task, ready to run. */
export interface TaskRuns {
  /** The end of what the tests printed in their latest run. */
  readonly printed: () => string;
  /** Runs the tests once, as grading does. @throws GraderError */
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
  const { environment, signal } = tools;
  const setup = await prepareSetup(task, environment, { signal }).catch((error: unknown) => {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new GraderError(error.message, { cause: error });
  });
  const scratch = await mkdtemp(path.join(tmpdir(), "counterbalance-proof-"));
  const close = async () => void (await removeFolder(scratch));
  try {
    // Each run gets fresh files. They share what tools keep for later, such as compiled packages.
    const home = path.join(scratch, "home");
    await cloneFolder(setup.home, home, environment);
    const solution = await sealSolution(task, scratch, tools);
    let printed = "";
    return {
      printed: () => printed,
      runTests: async ({ withSolution }) =>
        await runSuite(task, {
          work: withSolution ? solution : undefined,
          place: { scratch, home },
          onPrinted: (text) => (printed = text),
          environment,
          signal,
        }),
      countForeignObjects: async () => await countForeignObjects(setup, environment),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Git checks that the patch fits; otherwise the task's solution is not one of its commit. */
async function sealSolution(
  task: CommandTask,
  scratch: string,
  { patch, environment }: RunTools,
): Promise<CommitSpan> {
  try {
    return await sealPatch(task, patch, { scratch, environment });
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

const MS_PER_SECOND = 1000;

interface Suite extends Omit<RunTools, "patch"> {
  readonly onPrinted: (text: string) => void;
  readonly work: CommitSpan | undefined;
  readonly place: { readonly scratch: string; readonly home: string };
}

async function runSuite(
  task: CommandTask,
  { work, place, environment, signal, onPrinted }: Suite,
): Promise<SuiteRun> {
  const room = await openGradingRoom(task, place, environment);
  try {
    if (work !== undefined) await applyWork(room, work);
    await layAcceptance(room);
    const limitMs = task.timeoutS * MS_PER_SECOND;
    const { results, output } = await runAcceptance({ task, room, limitMs, environment, signal });
    onPrinted(output);
    return new Map(results.map(({ name, status }) => [name, status]));
  } catch (error) {
    if (!(error instanceof ResultsFault)) throw error;
    throw new GraderError(`the tests left no results: ${error.message}`, { cause: error });
  } finally {
    await room.close();
  }
}
