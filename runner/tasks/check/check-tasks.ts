import { openStream, shuffle } from "../../../reports/statistics/randomisation/stream.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { requireGherkin } from "../bank/require-gherkin.ts";
import type { CommandTask, Task } from "../bank/task.ts";
import { GRADING_LIMIT_MS } from "../grading/grade.ts";
import { attackTask, type CheckContext, checkTask, type TaskCheck } from "./check-task.ts";
import { isProven, writeProof } from "./proof.ts";
import { proveCommandTask } from "./prove-command-task.ts";
import { proveGherkinTask } from "./prove-gherkin-task.ts";

interface Asked {
  /** Everything that can be proven, with a record of it; otherwise the solution, or only the attacks. */
  readonly extent: "full" | "attacks" | "solution";
  readonly scratch: string;
  readonly environment: Environment;
}

/** Checks tasks one after the other: a grading has a time limit, and others would slow it down. */
export async function checkTasks(
  tasks: readonly Task[],
  { extent, scratch, environment }: Asked,
): Promise<readonly TaskCheck[]> {
  const checks: TaskCheck[] = [];
  for (const task of tasks) {
    const context = contextOf(task, scratch, environment);
    if (extent === "full") checks.push(await proveFully(task, context));
    else if (extent === "attacks") checks.push(await attackTask(requireGherkin(task), context));
    else if (task.kind === "command") checks.push(await checkCommandTask(task, context));
    else checks.push(await checkTask(task, context));
  }
  return checks;
}

/** Tasks without a proof of their present digest and, if there is a seed, one more that it draws. */
export function unproven(tasks: readonly Task[], seed: string | undefined): readonly Task[] {
  const proven = tasks.filter((task) => isProven(task));
  const drawn = seed === undefined ? [] : shuffle(proven, openStream(seed, "proof")).slice(0, 1);
  return tasks.filter((task) => !proven.includes(task) || drawn.includes(task));
}

/** Everything that can be proven, with a record of it in the task's folder. */
async function proveFully(task: Task, context: CheckContext): Promise<TaskCheck> {
  if (task.kind === "command") return await checkCommandTask(task, context);
  const { check, proof } = await proveGherkinTask(task, context);
  writeProof(task.folder, proof);
  return check;
}

/** Proves a task that a command grades, and writes the proof into its folder. */
async function checkCommandTask(
  task: CommandTask,
  { environment, onClaim }: CheckContext,
): Promise<TaskCheck> {
  const signal = new AbortController().signal;
  const { claims, proof } = await proveCommandTask(task, { environment, signal, onClaim });
  writeProof(task.folder, proof);
  return { taskId: task.id, claims, ok: proof.ok };
}

function contextOf(task: Task, scratch: string, environment: Environment): CheckContext {
  environment.stderr.write(`Checking ${task.id}\n`);
  return {
    environment,
    scratch,
    timeoutMs: GRADING_LIMIT_MS,
    onClaim: ({ claim, ok }) => environment.stderr.write(`  ${ok ? "holds" : "FAILS"}: ${claim}\n`),
  };
}
