import { mkdir, mkdtemp } from "node:fs/promises";
import path from "node:path";

import type { Environment } from "../../platform/environment/environment.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { GitError } from "../../platform/git/run-git.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { type Grade, GraderError, GraderStarvedError } from "../../tasks/grading/grade-result.ts";
import { gradeTask } from "../../tasks/grading/grade-task.ts";
import { gradeWhenPossible } from "../../tasks/grading/grade-when-possible.ts";
import { GRADING_LIMIT_MS } from "../../tasks/grading/grade.ts";
import type { Workspace } from "../../tasks/workspaces/create-workspace.ts";
import type { CommitSpan } from "../../tasks/workspaces/measure-churn.ts";
import { placeEntries } from "../../tasks/workspaces/read-entries.ts";
import { makeFreshFolder } from "../../tasks/workspaces/seal-workspace.ts";
import { SealedWorkLostError, restoreSealedWork } from "../../tasks/workspaces/sealed-work.ts";
import { decideByGrade } from "./decide-outcome.ts";
import type { AttemptResult, KeptWork, LateGrade, NoticedAnomaly } from "./window-worker.ts";

interface Grading {
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** A grade, or why there is none. */
export type Graded =
  | { readonly result: Grade; readonly starved: readonly [] }
  | {
      readonly result: null;
      readonly verdict: Pick<AttemptResult, "outcome" | "reason">;
      /** The machine did not let the grader judge. */
      readonly starved: readonly NoticedAnomaly[];
    };

interface Work {
  readonly task: Task;
  readonly workspace: Workspace;
  readonly sealed: CommitSpan;
}

/** Grades in a folder that the agent never saw. A broken grader says nothing about the solution. */
export async function gradeWork(
  { task, workspace, sealed }: Work,
  { environment, signal }: Grading,
): Promise<Graded> {
  const gradeOnce = async () => {
    const place = await makeFreshFolder(workspace, "grading");
    try {
      return await gradeIn(place, { task, sealed }, environment);
    } finally {
      await removeFolder(place, signal);
    }
  };
  return await gradeOrSay(() => gradeWhenPossible(gradeOnce, signal), signal);
}

/** Grades what was sealed, and nothing else of the agent's. */
async function gradeIn(
  place: string,
  { task, sealed }: Omit<Work, "workspace">,
  environment: Environment,
): Promise<Grade> {
  const [scratch, folder] = [path.join(place, "scratch"), path.join(place, "work")];
  await mkdir(scratch);
  if (task.kind === "gherkin") {
    const { gitDir, commitEnd: commit } = sealed;
    await placeEntries({ gitDir, commit }, folder, environment);
  }
  const timeoutMs = GRADING_LIMIT_MS;
  return await gradeTask({ task, sealed, workspace: folder, scratch, environment, timeoutMs });
}

/** Grades the kept work of an earlier attempt in folders of its own. */
export async function gradeKeptWork(
  { work, agentEnd }: KeptWork,
  place: { readonly task: Task; readonly root: string; readonly dataFolder: string },
  grading: Grading,
): Promise<LateGrade> {
  const { task, root, dataFolder } = place;
  const base = await makeFreshFolder({ base: path.join(root, "kept") }, "grading");
  const folder = path.join(base, "workspace");
  try {
    const graded = await gradeOrSay(async () => {
      const { environment } = grading;
      const sealed = await restoreSealedWork(work, { dataFolder, folder, task }, environment);
      return await gradeWhenPossible(async () => {
        const scratch = await mkdtemp(path.join(base, "scratch-"));
        const timeoutMs = GRADING_LIMIT_MS;
        return await gradeTask({
          task,
          sealed,
          workspace: folder,
          scratch,
          environment,
          timeoutMs,
        });
      }, grading.signal);
    }, grading.signal);
    const { result, starved } = graded;
    const verdict = result === null ? graded.verdict : decideByGrade(agentEnd ?? null, result);
    return {
      ...verdict,
      ...describeGrade(result),
      gradingMs: result?.durationMs ?? 0,
      anomalies: starved,
      versions: graderVersions(result),
    };
  } finally {
    await removeFolder(base, grading.signal);
  }
}

async function gradeOrSay(grade: () => Promise<Grade>, signal: AbortSignal): Promise<Graded> {
  try {
    return { result: await grade(), starved: [] };
  } catch (error) {
    if (!isGradersOwn(error)) throw error;
    const verdict = signal.aborted
      ? ({
          outcome: "interrupted",
          reason: "The run was interrupted while it was graded.",
        } as const)
      : ({ outcome: "grader_error", reason: error.message } as const);
    return { result: null, verdict, starved: noticeStarvation(error) };
  }
}

/** Work that can't be restored gets no grade. The other windows continue. */
function isGradersOwn(error: unknown): error is Error {
  return (
    error instanceof GraderError ||
    error instanceof SealedWorkLostError ||
    error instanceof GitError
  );
}

function noticeStarvation(error: Error): readonly NoticedAnomaly[] {
  if (!(error instanceof GraderStarvedError)) return [];
  return [
    {
      kind: "grader-starved",
      observed: { reason: error.message },
      action: "The machine kept the grader from running. The kept work can be graded later.",
    },
  ];
}

export function describeGrade(
  result: Grade | null,
): Pick<
  AttemptResult,
  "quality" | "qualityVisible" | "qualityHeldOut" | "scenarios" | "isolation"
> {
  if (result === null) return { quality: null, scenarios: [], isolation: null };
  const { quality, qualityVisible, qualityHeldOut, isolation } = result;
  const scenarios = result.scenarios.map((scenario) => ({ ...scenario }));
  return { quality, qualityVisible, qualityHeldOut, scenarios, isolation };
}

export function graderVersions(result: Grade | null): Record<string, string> {
  const cucumber = result?.cucumberVersion;
  return cucumber === undefined ? {} : { cucumber };
}
