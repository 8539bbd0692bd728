import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { plainTable } from "../../../reports/format/plain-table.ts";
import { checkTask, type TaskCheck } from "../../bank/check-task.ts";
import type { Task } from "../../bank/task.ts";
import type { Environment } from "../../environment.ts";
import { EXIT, type Result } from "../result.ts";
import { chooseTasks, type TaskBankOptions } from "./task-bank-options.ts";

const GRADING_LIMIT_MS = 120_000;

/** Proves that each task grades right work as right and anything else as wrong. */
export async function taskCheck(
  options: TaskBankOptions & { readonly tasks: readonly string[] },
  environment: Environment,
): Promise<Result> {
  const tasks = chooseTasks(options, environment, options.tasks);
  const scratch = mkdtempSync(path.join(tmpdir(), "counterbalance-check-"));
  try {
    const checks: TaskCheck[] = [];
    for (const task of tasks) {
      // One after the other: gradings are bound by time, and must not slow each other down.
      // oxlint-disable-next-line no-await-in-loop
      checks.push(await check(task, scratch, environment));
    }
    const exitCode = checks.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
    return { exitCode, output: show(checks, options.json === true) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function check(task: Task, scratch: string, environment: Environment): Promise<TaskCheck> {
  environment.stderr.write(`Checking ${task.id}\n`);
  return await checkTask(task, {
    environment,
    scratch,
    timeoutMs: GRADING_LIMIT_MS,
    onClaim: ({ claim, ok }) => environment.stderr.write(`  ${ok ? "holds" : "FAILS"}: ${claim}\n`),
  });
}

function show(checks: readonly TaskCheck[], isJson: boolean): string {
  if (isJson) return JSON.stringify(checks, null, 2);
  const rows = checks.flatMap(({ taskId, claims }) =>
    claims.map(({ claim, expected, got, ok }) => [
      taskId,
      ok ? "holds" : "FAILS",
      claim,
      expected,
      got,
    ]),
  );
  return plainTable([["TASK", "", "CLAIM", "EXPECTED", "GOT"], ...rows]);
}
