import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { plainTable } from "../../../reports/text/plain-table.ts";
import { requireGherkin } from "../../bank/require-gherkin.ts";
import type { Task } from "../../bank/task.ts";
import type { Environment } from "../../environment.ts";
import { GRADING_LIMIT_MS } from "../../grading/grade.ts";
import {
  attackTask,
  checkTask,
  type CheckContext,
  type TaskCheck,
} from "../../task-check/check-task.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { taskCheck as definition } from "../definitions/tool-commands.ts";
import { jsonOr } from "../result.ts";
import { killMutants } from "./kill-mutants.ts";
import { chooseTasks } from "./task-list.ts";

/** Proves that each task passes right work and fails anything else. */
export const taskCheck: CodeOf<typeof definition> = async (options, environment) => {
  const tasks = chooseTasks(options, environment, options.tasks);
  const scratch = mkdtempSync(path.join(tmpdir(), "counterbalance-check-"));
  try {
    if (options.mutants === true)
      return await killMutants(tasks, { options, scratch, environment });
    const checks: TaskCheck[] = [];
    for (const task of tasks) {
      // One after the other: a grading has a time limit, and others would slow it down.
      const prove = options.attack === true ? attackTask : checkTask;
      checks.push(await prove(requireGherkin(task), contextOf(task, scratch, environment)));
    }
    const exitCode = checks.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
    return { exitCode, output: jsonOr(options, checks, () => describe(checks)) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

function contextOf(task: Task, scratch: string, environment: Environment): CheckContext {
  environment.stderr.write(`Checking ${task.id}\n`);
  return {
    environment,
    scratch,
    timeoutMs: GRADING_LIMIT_MS,
    onClaim: ({ claim, ok }) => environment.stderr.write(`  ${ok ? "holds" : "FAILS"}: ${claim}\n`),
  };
}

function describe(checks: readonly TaskCheck[]): string {
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
