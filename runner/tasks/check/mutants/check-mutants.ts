import { mkdir, rm } from "node:fs/promises";
import path from "node:path";

import { type Equivalent, loadEquivalents } from "../../bank/load-variants.ts";
import type { GherkinTask } from "../../bank/task.ts";
import { prepareFolders } from "../../grading/prepare-folders.ts";
import { type Mutant, makeMutants } from "./make-mutants.ts";
import { runMutants } from "./run-mutants.ts";

/** The share of mutants that a suite has to kill. Equivalents do not count. */
export const KILLED_SHARE_MIN = 0.95;

/** How many mutants of its own solution a task's suite kills. */
export interface MutantCheck {
  readonly taskId: string;
  readonly mutants: number;
  readonly killed: number;
  /** Mutants that the task names as no fault. */
  readonly equivalent: number;
  /** Mutants that every scenario passes and that the task does not name. */
  readonly survivors: readonly Omit<Mutant, "id" | "kind">[];
  /** Equivalents that the task names, but that are not mutants or that a scenario kills. */
  readonly idle: readonly Equivalent[];
  /** The scenario that the solution itself fails, if any. No mutant was run then. */
  readonly failedBySolution: string | null;
  readonly ok: boolean;
}

/** Runs a task's suite with every mutant of its solution. */
export async function checkMutants(
  task: GherkinTask,
  place: { readonly scratch: string; readonly name: string },
): Promise<MutantCheck> {
  const scratch = path.join(place.scratch, place.name);
  await mkdir(scratch);
  try {
    const workspace = path.join(task.folder, "solution");
    const folders = await prepareFolders({ task, workspace, scratch });
    const mutants = await makeMutants(folders.solution);
    const verdicts = await runMutants(
      task,
      folders,
      mutants.map(({ id }) => id),
    );
    const failedBySolution = verdicts.get(null) ?? null;
    const left = mutants.filter(({ id }) => verdicts.get(id) === null);
    return conclude(task, { mutants, left, failedBySolution });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function conclude(
  task: GherkinTask,
  run: {
    readonly mutants: readonly Mutant[];
    readonly left: readonly Mutant[];
    readonly failedBySolution: string | null;
  },
): MutantCheck {
  const { mutants, left, failedBySolution } = run;
  const named = loadEquivalents(task);
  const isNamed = (mutant: Mutant) => named.some((one) => isSame(one, mutant));
  const survivors = left.filter((mutant) => !isNamed(mutant));
  const equivalent = left.length - survivors.length;
  const killed = mutants.length - left.length;
  const idle = named.filter((one) => !left.some((mutant) => isSame(one, mutant)));
  const share = killed / (mutants.length - equivalent);
  return {
    taskId: task.id,
    mutants: mutants.length,
    killed,
    equivalent,
    survivors: survivors.map(({ at, from, to }) => ({ at, from, to })),
    idle,
    failedBySolution,
    ok: failedBySolution === null && idle.length === 0 && share >= KILLED_SHARE_MIN,
  };
}

function isSame(equivalent: Equivalent, { at, from, to }: Mutant): boolean {
  return equivalent.at === at && equivalent.from === from && equivalent.to === to;
}
