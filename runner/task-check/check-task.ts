import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";

import { type Variant, loadVariants } from "../bank/load-variants.ts";
import { listFolderFiles } from "../bank/read-task-folder.ts";
import { isBelow } from "../bank/solution-module.ts";
import type { Task } from "../bank/task.ts";
import type { Environment } from "../environment.ts";
import { GraderError, type Grade } from "../grading/grade-result.ts";
import { gradeSolution } from "../grading/grade.ts";
import { CHEATS, type Cheat } from "./cheats.ts";

/** A claim about a task that the check proved or disproved. */
interface TaskClaim {
  readonly claim: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
}

export interface TaskCheck {
  readonly taskId: string;
  readonly claims: readonly TaskClaim[];
  readonly ok: boolean;
}

export interface CheckContext {
  readonly environment: Environment;
  /** An empty folder outside every repository. Each grading uses a folder in it and removes that again. */
  readonly scratch: string;
  /** Limit for each grading. */
  readonly timeoutMs: number;
  /** Called after each claim, for progress. */
  readonly onClaim?: (claim: TaskClaim) => void;
}

const A_GRADE = "a grade";

/** Proves that a task's suite tells right from wrong work and rejects cheats. Gradings run one by one. */
export async function checkTask(task: Task, context: CheckContext): Promise<TaskCheck> {
  const claims: TaskClaim[] = [];
  for await (const claim of proveClaims(task, context)) {
    claims.push(claim);
    context.onClaim?.(claim);
  }
  return { taskId: task.id, claims, ok: claims.every(({ ok }) => ok) };
}

async function* proveClaims(task: Task, context: CheckContext): AsyncGenerator<TaskClaim> {
  const variants = loadVariants(task);
  for (const variant of variants) yield checkPaths(task, variant);
  for (const variant of variants) {
    const claim = await checkVariant(task, { variant, context });
    yield claim;
    // A suite that can't grade its own solution can't grade anything else.
    if (claim.expected === A_GRADE) return;
  }
  for (const cheat of CHEATS) yield await checkCheat(task, { cheat, context });
}

/** Files outside the declared paths would be missing during grading. */
function checkPaths(task: Task, { name, folder }: Variant): TaskClaim {
  const files = listFolderFiles(folder).map(({ relativePath }) => relativePath);
  const outside = files.filter(
    (file) => !task.solutionPaths.some((declared) => isBelow(file, declared)),
  );
  const expected = `files below ${task.solutionPaths.join(", ")} only`;
  const claim = `${title(name)} has files under the declared paths only`;
  if (files.length === 0) return { claim, expected, got: "no files", ok: false };
  return {
    claim,
    expected,
    got: outside.length === 0 ? expected : outside.join(", "),
    ok: outside.length === 0,
  };
}

async function checkVariant(
  task: Task,
  { variant, context }: { readonly variant: Variant; readonly context: CheckContext },
): Promise<TaskClaim> {
  const isSolution = variant.name === "solution";
  const claim = isSolution
    ? "the solution scores 1"
    : `${title(variant.name)} fails the scenarios that it says`;
  const grade = await gradeCopy(task, {
    from: variant.folder,
    context,
    alter: async () => undefined,
  });
  if (grade instanceof GraderError)
    return { claim, expected: A_GRADE, got: grade.message, ok: false };
  const failed = grade.scenarios
    .filter(({ status }) => status !== "passed")
    .map(({ name }) => name);
  const expected = isSolution ? "1" : showNames(variant.fails);
  const got = isSolution && failed.length === 0 ? "1" : showNames(failed);
  return { claim, expected, got, ok: showNames(variant.fails) === showNames(failed) };
}

async function checkCheat(
  task: Task,
  { cheat, context }: { readonly cheat: Cheat; readonly context: CheckContext },
): Promise<TaskClaim> {
  const from = path.join(task.folder, "workspace");
  const grade = await gradeCopy(task, {
    from,
    context,
    alter: async (workspace) => await cheat.act(workspace, task),
  });
  if (grade instanceof GraderError)
    return { claim: cheat.claim, expected: "0", got: grade.message, ok: false };
  const passed = grade.scenarios
    .filter(({ status }) => status === "passed")
    .map(({ name }) => name);
  const got = passed.length === 0 ? "0" : `${grade.quality} (passed: ${showNames(passed)})`;
  return { claim: cheat.claim, expected: "0", got, ok: passed.length === 0 };
}

interface CopyToGrade {
  readonly from: string;
  readonly context: CheckContext;
  readonly alter: (workspace: string) => Promise<void>;
}

async function gradeCopy(
  task: Task,
  { from, context, alter }: CopyToGrade,
): Promise<Grade | GraderError> {
  const { environment, timeoutMs } = context;
  const folder = path.join(context.scratch, environment.randomId());
  const workspace = path.join(folder, "workspace");
  const scratch = path.join(folder, "scratch");
  try {
    await mkdir(scratch, { recursive: true });
    await cp(from, workspace, { recursive: true });
    await alter(workspace);
    return await gradeSolution({ task, workspace, scratch, timeoutMs, environment });
  } catch (error) {
    if (error instanceof GraderError) return error;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function title(variantName: string): string {
  return variantName === "solution" ? "the solution" : `the variant "${variantName}"`;
}

function showNames(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.toSorted().join("; ");
}
