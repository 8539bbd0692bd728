import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { chooseTasks } from "../../../plan/config/choose-tasks.ts";
import { checkTasks, unproven } from "../../../tasks/check/check-tasks.ts";
import { enterOverlayNamespace } from "../../../tasks/setup/overlay-namespace.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneIf, doneWith } from "../../result.ts";
import type { taskCheck as definition } from "./definition.ts";
import { killMutants } from "./kill-mutants.ts";
import { sayChecks } from "./say-checks.ts";

/** Proves that each task passes right work and fails anything else. */
export const taskCheck: CodeOf<typeof definition> = async (options, environment) => {
  const chosen = chooseTasks(options, environment, options.tasks);
  const { changed = false, seed } = options;
  const tasks = changed ? unproven(chosen, seed) : chosen;
  const isFull = options.all === true || changed;
  const extent = isFull ? "full" : options.attack === true ? "attacks" : "solution";
  if (tasks.some(({ kind }) => kind === "command")) {
    await enterOverlayNamespace(tmpdir(), environment);
  }
  const scratch = mkdtempSync(path.join(tmpdir(), "counterbalance-check-"));
  try {
    if (options.mutants === true)
      return await killMutants(tasks, { options, scratch, environment });
    const checks = await checkTasks(tasks, { extent, scratch, environment });
    const say = () => sayChecks(checks, chosen, columnsOf(environment));
    return doneIf(
      checks.every(({ ok }) => ok),
      doneWith(options, checks, say),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};
