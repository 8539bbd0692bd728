import type { Environment } from "../../../platform/environment/environment.ts";
import { GitError } from "../../../platform/git/run-git.ts";
import type { CommandTask } from "../../bank/task.ts";
import { ResultsFault } from "../../results/test-result.ts";
import type { CommitSpan } from "../../workspaces/measure-churn.ts";
import { GraderError, type Grade } from "../grade-result.ts";
import { applyWork, layAcceptance, openGradingRoom } from "./grading-room.ts";
import { judgeResults } from "./judge-results.ts";
import { type AcceptanceEnd, runAcceptance } from "./run-acceptance.ts";

export interface CommandGrading {
  readonly task: CommandTask;
  /** The work as two commits of a repository that the agent could not write to. */
  readonly sealed: CommitSpan;
  /** An empty folder outside every repository. The caller removes it. */
  readonly scratch: string;
  readonly environment: Environment;
}

const MS_PER_SECOND = 1000;

/**
 * Grades work on a repository with its own tests, in a fresh setup of the commit. Only the changes of
 * tracked files, and files that git does not ignore, come from the agent. Protected files and hidden
 * tests are laid over them.
 * @throws GraderError if the tests leave no results, and leave none without the work either.
 */
export async function gradeCommandWork(grading: CommandGrading): Promise<Grade> {
  const { task, sealed, environment } = grading;
  const { clock } = environment;
  const startedMs = clock.monotonicMs();
  const end = await judge(grading, sealed).catch(async (error: unknown) => {
    if (!(error instanceof ResultsFault)) throw error;
    return await blame(grading, error);
  });
  const { evidence, ...judged } = judgeResults(task.acceptance, end.results);
  return {
    ...judged,
    ...(evidence === undefined ? {} : { tampering: evidence }),
    qualityVisible: undefined,
    qualityHeldOut: undefined,
    durationMs: clock.monotonicMs() - startedMs,
    isolation: end.isolation,
  };
}

/** @param sealed null for the untouched start. */
async function judge(
  { task, scratch, environment }: CommandGrading,
  sealed: CommitSpan | null,
): Promise<AcceptanceEnd> {
  const room = await openGradingRoom(task, { scratch }, environment);
  try {
    if (sealed !== null) await applyWork(room, sealed);
    await layAcceptance(room);
    const limitMs = task.timeoutS * MS_PER_SECOND;
    return await runAcceptance({ task, room, limitMs, environment });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new GraderError(`The work on ${task.id} could not be laid out: ${error.message}`);
  } finally {
    await room.close();
  }
}

/**
 * Says who is to blame for results that can't be read: tests of the untouched start show whether the grader
 * works here. If it does, the work is what broke it, and no test has passed.
 */
async function blame(grading: CommandGrading, fault: ResultsFault): Promise<AcceptanceEnd> {
  const { task } = grading;
  const control = await judge(grading, null).catch((error: unknown) => {
    if (!(error instanceof ResultsFault)) throw error;
    throw new GraderError(
      `The tests of ${task.id} leave no results, with the work and without it: ${fault.message}`,
    );
  });
  const message = `With this work the tests leave no results: ${fault.message}`;
  const names = [...task.acceptance.failToPass, ...task.acceptance.passToPass];
  const results = names.map((name) => ({ name, status: "failed", message }) as const);
  return { ...control, results };
}
