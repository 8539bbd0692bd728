import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { z } from "zod";

import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { WindowRegraded } from "../../../ledger/domain/window-regraded.ts";
import {
  type ScenarioResult,
  type SealedWork,
  WindowFinalized,
  WindowKey,
} from "../../../ledger/domain/window.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { type FinalizedFact, latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../../ledger/views/progress.ts";
import { readRegistration } from "../../../reports/evidence/registration.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { type Grade, GraderError } from "../../tasks/grading/grade-result.ts";
import { gradeTask } from "../../tasks/grading/grade-task.ts";
import { GRADING_LIMIT_MS } from "../../tasks/grading/grade.ts";
import { restoreSealedWork } from "../../tasks/workspaces/sealed-work.ts";
import { checkWindow } from "../../tracker/windows/window-options.ts";
import { graderVersions } from "../windows/grade-work.ts";
import { sharesOf } from "./attempt-rows.ts";

export interface Regrading {
  readonly store: LedgerStore;
  readonly view: ExperimentView;
  readonly folder: DataFolder;
  /** The present bank. */
  readonly tasks: readonly Task[];
  readonly environment: Environment;
}

/** A final window whose work was kept. */
export interface KeptWindow {
  readonly final: FinalizedFact;
  readonly work: SealedWork;
}

/** The windows that can be graded again, in their order. */
function listKeptWindows(view: ExperimentView): readonly KeptWindow[] {
  return finalizedWindows(view).flatMap((final) =>
    final.sealed_work === undefined ? [] : [{ final, work: final.sealed_work }],
  );
}

/**
 * The windows that can be graded again: the one that is named, or all.
 * @throws ConfigurationError naming those with kept work.
 */
export function chooseKeptWindows(
  view: ExperimentView,
  window: string | undefined,
): readonly KeptWindow[] {
  const kept = listKeptWindows(view);
  const chosen =
    window === undefined ? kept : kept.filter(({ final }) => final.window === checkWindow(window));
  if (window === undefined || chosen.length > 0) return chosen;
  const names = kept.map(({ final }) => final.window);
  throw new ConfigurationError(
    `--window ${window}: expected a final window whose work was kept, got none.${sayMeant(window, names)} Windows with kept work: ${names.join(", ") || "none"}.`,
  );
}

/** @throws ConfigurationError naming the first window whose task the bank lacks. */
export function refuseUnknownTasks(kept: readonly KeptWindow[], tasks: readonly Task[]): void {
  const known = tasks.map(({ id }) => id);
  const missing = kept.find(({ final }) => !known.includes(final.feature_id));
  if (missing === undefined) return;
  throw new ConfigurationError(
    `${missing.final.window}: expected the task ${missing.final.feature_id} in the bank, got ${known.join(", ")}. Name its bank with --bank, or one window with --window.`,
  );
}

/**
 * Grades the sealed work of a window again, so many times, with the present bank and grader. It writes a
 * row for each grading.
 */
export async function regradeWindow(
  kept: KeptWindow,
  times: number,
  regrading: Regrading,
): Promise<readonly WindowRegraded[]> {
  const { folder, environment, store } = regrading;
  const { final, work } = kept;
  const place = await mkdtemp(path.join(tmpdir(), "counterbalance-regrade-"));
  const workspace = path.join(place, "workspace");
  const task = regrading.tasks.find(({ id }) => id === final.feature_id);
  if (task === undefined) throw new Error(`The bank has no task ${final.feature_id}.`);
  const original = readOriginal(final, store);
  try {
    const restored = { dataFolder: folder.root, folder: workspace, task };
    const sealed = await restoreSealedWork(work, restored, environment);
    const rows: WindowRegraded[] = [];
    for (let time = 1; time <= times; time += 1) {
      const scratch = path.join(place, `scratch-${String(time)}`);
      await mkdir(scratch);
      const timeoutMs = GRADING_LIMIT_MS;
      const grade = await gradeAgain({ task, sealed, workspace, scratch, environment, timeoutMs });
      await rm(scratch, { recursive: true, force: true });
      const row = regradedRow(grade, { final, work, task, original, view: regrading.view });
      await store.append("windows", [row satisfies NewRow]);
      rows.push(row);
    }
    return rows;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** The view keeps no scenarios. */
function readOriginal({ id }: FinalizedFact, store: LedgerStore): readonly ScenarioResult[] {
  for (const row of store.read("windows")) {
    if (row.id === id) return WindowFinalized.parse(row).scenarios;
  }
  return [];
}

async function gradeAgain(request: Parameters<typeof gradeTask>[0]): Promise<Grade | GraderError> {
  try {
    return await gradeTask(request);
  } catch (error) {
    if (error instanceof GraderError) return error;
    throw error;
  }
}

interface Graded extends KeptWindow {
  readonly task: Task;
  readonly original: readonly ScenarioResult[];
  readonly view: ExperimentView;
}

function regradedRow(grade: Grade | GraderError, { final, work, task, original, view }: Graded) {
  const isGraded = !(grade instanceof GraderError);
  const scenarios = isGraded ? grade.scenarios.map((scenario) => ({ ...scenario })) : [];
  const verdicts = new Map(scenarios.map((scenario) => [keyOf(scenario), isPassed(scenario)]));
  const compared = original.filter((scenario) => verdicts.has(keyOf(scenario)));
  const agreeing = compared.filter(
    (scenario) => verdicts.get(keyOf(scenario)) === isPassed(scenario),
  );
  return WindowRegraded.parse({
    record: "window_regraded",
    ...WINDOW_KEY.parse(final),
    graded: final.id,
    work_sha256: work.sha256,
    task_digest: task.digest,
    is_same_task: task.digest === registeredDigest(view, task.id),
    quality: isGraded ? grade.quality : null,
    ...(isGraded ? sharesOf(grade) : {}),
    reason: isGraded ? null : grade.message,
    scenarios,
    scenarios_compared: compared.length,
    scenarios_agreeing: agreeing.length,
    isolation: isGraded ? grade.isolation : null,
    versions: graderVersions(isGraded ? grade : null),
  });
}

const WINDOW_KEY = z.object(WindowKey);

function keyOf({ suite, name }: ScenarioResult): string {
  return `${suite}: ${name}`;
}

function isPassed({ status }: ScenarioResult): boolean {
  return status.toLowerCase() === "passed";
}

/** The digest that the question was registered with. */
function registeredDigest(view: ExperimentView, taskId: string): string | null {
  const { tasks } = readRegistration(latestOf(view.registrations.values())?.registration);
  return tasks.find(({ id }) => id === taskId)?.digest ?? null;
}
