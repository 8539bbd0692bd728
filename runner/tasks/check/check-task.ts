import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";

import type { Environment } from "../../platform/environment/environment.ts";
import { type Variant, loadVariants } from "../bank/load-variants.ts";
import { listFolderFiles } from "../bank/read-task-folder.ts";
import { isBelow } from "../bank/solution-module.ts";
import type { GherkinTask } from "../bank/task.ts";
import { GraderError, type Grade } from "../grading/grade-result.ts";
import { gradeSolution } from "../grading/grade.ts";
import type { ScenarioStatus } from "../grading/suite/suite-message.ts";
import { ATTACKS } from "./attacks.ts";
import { CHEATS, type Cheat } from "./cheats.ts";
import type { TaskClaim } from "./task-claim.ts";

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
/** Most attacks wait or sleep. A grading's limits count own time, so its neighbours cost it nothing. */
const CHEATS_AT_ONCE = 8;

/** Proves that a task's suite distinguishes right from wrong work and rejects cheats. */
export async function checkTask(task: GherkinTask, context: CheckContext): Promise<TaskCheck> {
  return await collect(task, { claims: proveClaims(task, context), context });
}

/** Proves that a task's suite gives every cheat and every hostile solution 0. */
export async function attackTask(task: GherkinTask, context: CheckContext): Promise<TaskCheck> {
  return await collect(task, {
    claims: proveCheats([...CHEATS, ...ATTACKS], { task, context }),
    context,
  });
}

/** Proves what both of the others prove. */
export async function proveSuite(task: GherkinTask, context: CheckContext): Promise<TaskCheck> {
  async function* claims() {
    yield* proveClaims(task, context);
    yield* proveCheats(ATTACKS, { task, context });
  }
  return await collect(task, { claims: claims(), context });
}

async function collect(
  { id: taskId }: GherkinTask,
  { claims: found, context }: { claims: AsyncIterable<TaskClaim>; context: CheckContext },
): Promise<TaskCheck> {
  const claims: TaskClaim[] = [];
  for await (const claim of found) {
    claims.push(claim);
    context.onClaim?.(claim);
  }
  return { taskId, claims, ok: claims.every(({ ok }) => ok) };
}

async function* proveClaims(task: GherkinTask, context: CheckContext): AsyncGenerator<TaskClaim> {
  const variants = loadVariants(task);
  for (const variant of variants) yield checkPaths(task, variant);
  for (const variant of variants) {
    const claim = await checkVariant(task, variant, context);
    yield claim;
    // A suite that can't grade its own solution can't grade anything else.
    if (claim.expected === A_GRADE) return;
  }
  yield* proveCheats(CHEATS, { task, context });
}

async function* proveCheats(
  cheats: readonly Cheat[],
  { task, context }: { task: GherkinTask; context: CheckContext },
): AsyncGenerator<TaskClaim> {
  const claims: AsyncIterable<TaskClaim> = Readable.from(cheats).map(
    async (cheat: Cheat) => await checkCheat(task, cheat, context),
    { concurrency: CHEATS_AT_ONCE },
  );
  yield* claims;
}

/** Files outside the declared paths would be missing during grading. */
function checkPaths(task: GherkinTask, { name, folder }: Variant): TaskClaim {
  const files = listFolderFiles(folder).map(({ relativePath }) => relativePath);
  const outside = files.filter(
    (file) => !task.solutionPaths.some((declared) => isBelow(file, declared)),
  );
  const expected = `files below ${task.solutionPaths.join(", ")} only`;
  const got = files.length === 0 ? "no files" : outside.join(", ") || expected;
  const claim = `${title(name)} has files under the declared paths only`;
  return { claim, expected, got, ok: got === expected };
}

async function checkVariant(
  task: GherkinTask,
  { name, folder, fails }: Variant,
  context: CheckContext,
): Promise<TaskClaim> {
  const isSolution = name === "solution";
  const claim = isSolution
    ? "the solution scores 1"
    : `${title(name)} fails the scenarios that it says`;
  const grade = await gradeCopy(task, { from: folder }, context);
  if (grade instanceof GraderError) {
    return { claim, expected: A_GRADE, got: grade.message, ok: false };
  }
  const failed = showNames(grade, (status) => status !== "passed");
  const say = (names: string) => (isSolution && names === "none" ? "1" : names);
  const expected = joinNames(fails);
  return { claim, expected: say(expected), got: say(failed), ok: expected === failed };
}

async function checkCheat(
  task: GherkinTask,
  { claim, act }: Cheat,
  context: CheckContext,
): Promise<TaskClaim> {
  const from = path.join(task.folder, "workspace");
  const alter = async (workspace: string) => await act(workspace, task);
  const grade = await gradeCopy(task, { from, alter }, context);
  if (grade instanceof GraderError) {
    return { claim, expected: "0", got: grade.message, ok: false };
  }
  const passed = showNames(grade, (status) => status === "passed");
  const got = passed === "none" ? "0" : `${grade.quality} (passed: ${passed})`;
  return { claim, expected: "0", got, ok: passed === "none" };
}

async function gradeCopy(
  task: GherkinTask,
  { from, alter }: { readonly from: string; readonly alter?: (workspace: string) => Promise<void> },
  context: CheckContext,
): Promise<Grade | GraderError> {
  const { environment, timeoutMs } = context;
  const folder = path.join(context.scratch, environment.randomId());
  const workspace = path.join(folder, "workspace");
  const scratch = path.join(folder, "scratch");
  try {
    await mkdir(scratch, { recursive: true });
    await cp(from, workspace, { recursive: true });
    await alter?.(workspace);
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

function showNames({ scenarios }: Grade, isMeant: (status: ScenarioStatus) => boolean): string {
  return joinNames(scenarios.flatMap(({ name, status }) => (isMeant(status) ? [name] : [])));
}

function joinNames(names: readonly string[]): string {
  return names.toSorted().join("; ") || "none";
}
