import path from "node:path";

import type { GherkinTask } from "../../bank/task.ts";
import { GraderError } from "../../grading/grade-result.ts";
import {
  type GradingFolders,
  WORLD_FILE,
  nodeModulesFolders,
} from "../../grading/prepare-folders.ts";
import { startSuite } from "../../grading/run-suite.ts";
import { permissionLine } from "../../grading/sandbox.ts";
import { type MutantPlan, MutantReport } from "./mutant-message.ts";

/** No mutant takes so long: its calls have limits of their own. */
const SILENCE_MS_MAX = 300_000;

const EXTENSION = path.extname(import.meta.filename);
const MAIN = path.join(import.meta.dirname, `mutant-main${EXTENSION}`);
const RUNNER = path.resolve(import.meta.dirname, "../../..");

/** The first scenario that failed with each mutant; null if all passed. The solution itself is under null. */
export type Verdicts = ReadonlyMap<string | null, string | null>;

/**
 * Runs a task's suite with its instrumented solution and with each mutant. If a mutant takes the process
 * with it, it is killed, and another process continues after it.
 * @throws GraderError if the suite itself is at fault.
 */
export async function runMutants(
  task: GherkinTask,
  folders: GradingFolders,
  mutants: readonly string[],
): Promise<Verdicts> {
  const verdicts = new Map<string | null, string | null>();
  let left: readonly (string | null)[] = [null, ...mutants];
  while (left.length > 0) {
    const complaint = await runSome(planOf(task, folders, left), (report) => {
      if (report.faults.length > 0)
        throw new GraderError(`The acceptance suite is not valid. ${report.faults.join(" ")}`);
      verdicts.set(report.mutant, report.failed);
    });
    if (typeof verdicts.get(null) === "string") break;
    const [next, ...later] = left.filter((mutant) => !verdicts.has(mutant));
    if (next === undefined) break;
    if (next === null)
      throw new GraderError(`The acceptance suite ended too early. ${complaint}`.trim());
    verdicts.set(next, "the suite's process did not survive it");
    left = later;
  }
  return verdicts;
}

function planOf(
  task: GherkinTask,
  { suite, solution, solutionModule }: GradingFolders,
  mutants: MutantPlan["mutants"],
): MutantPlan {
  const below = (pattern: string) =>
    task.acceptancePaths.map((folder) => path.posix.join(folder, pattern));
  return {
    suite,
    features: ["feature.feature", ...below("**/*.feature")],
    steps: [WORLD_FILE, ...below("**/*.steps.mjs")],
    solution,
    module: solutionModule,
    mutants,
  };
}

/** @returns the end of what the process wrote to its standard error. */
async function runSome(plan: MutantPlan, receive: (report: MutantReport) => void): Promise<string> {
  const folders = path.dirname(plan.suite);
  const readable = [folders, ...(await nodeModulesFolders()), RUNNER];
  const args = ["--allow-worker", MAIN, JSON.stringify(plan)];
  const place = { cwd: plan.suite, env: {} };
  const { suite: process, said } = startSuite(permissionLine({ readable, args }), place);
  let fault: Error | undefined;
  const timer = setTimeout(() => process.kill("SIGKILL"), SILENCE_MS_MAX);
  process.nodeChildProcess.on("message", (message) => {
    timer.refresh();
    try {
      receive(MutantReport.parse(message));
    } catch (error) {
      fault ??= error instanceof Error ? error : new Error(String(error));
      process.kill("SIGKILL");
    }
  });
  await process;
  clearTimeout(timer);
  if (fault !== undefined) throw fault;
  return said.complaint;
}
