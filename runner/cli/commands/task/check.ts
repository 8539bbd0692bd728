import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { openStream, shuffle } from "../../../../reports/statistics/randomisation/stream.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { requireGherkin } from "../../../tasks/bank/require-gherkin.ts";
import type { CommandTask, Task } from "../../../tasks/bank/task.ts";
import {
  attackTask,
  checkTask,
  type CheckContext,
  type TaskCheck,
} from "../../../tasks/check/check-task.ts";
import { isProven, writeProof } from "../../../tasks/check/proof.ts";
import { proveCommandTask } from "../../../tasks/check/prove-command-task.ts";
import { proveGherkinTask } from "../../../tasks/check/prove-gherkin-task.ts";
import { GRADING_LIMIT_MS } from "../../../tasks/grading/grade.ts";
import { enterOverlayNamespace } from "../../../tasks/setup/overlay-namespace.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { jsonOr } from "../../result.ts";
import type { taskCheck as definition } from "./definition.ts";
import { killMutants } from "./kill-mutants.ts";
import { chooseTasks } from "./list.ts";
import { sayChecks } from "./say-checks.ts";

/** Proves that each task passes right work and fails anything else. */
export const taskCheck: CodeOf<typeof definition> = async (options, environment) => {
  const chosen = chooseTasks(options, environment, options.tasks);
  const { changed = false, seed } = options;
  const tasks = changed ? unproven(chosen, seed) : chosen;
  const isFull = options.all === true || changed;
  if (tasks.some(({ kind }) => kind === "command")) {
    await enterOverlayNamespace(tmpdir(), environment);
  }
  const scratch = mkdtempSync(path.join(tmpdir(), "counterbalance-check-"));
  try {
    if (options.mutants === true)
      return await killMutants(tasks, { options, scratch, environment });
    const checks: TaskCheck[] = [];
    for (const task of tasks) {
      // One after the other: a grading has a time limit, and others would slow it down.
      const context = contextOf(task, scratch, environment);
      if (isFull) checks.push(await proveFully(task, context));
      else if (options.attack === true)
        checks.push(await attackTask(requireGherkin(task), context));
      else if (task.kind === "command") checks.push(await checkCommandTask(task, context));
      else checks.push(await checkTask(task, context));
    }
    const exitCode = checks.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
    const say = () => sayChecks(checks, chosen, columnsOf(environment));
    return { exitCode, output: jsonOr(options, checks, say) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** Tasks without a proof of their present digest and, if there is a seed, one more that it draws. */
function unproven(tasks: readonly Task[], seed: string | undefined): readonly Task[] {
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
