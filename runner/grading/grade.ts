import path from "node:path";
import { fileURLToPath } from "node:url";

import type { Task } from "../bank/task.ts";
import type { Environment } from "../environment.ts";
import type { Grade } from "./grade-types.ts";
import { GraderError } from "./grader-error.ts";
import { GradingDesk } from "./grading-desk.ts";
import { HostPool } from "./host-pool.ts";
import {
  type GradingFolders,
  WORLD_FILE,
  nodeModulesFolders,
  prepareFolders,
} from "./prepare-folders.ts";
import { runSuite } from "./run-suite.ts";
import { type Sandbox, chooseSandbox, limited, permissionLine } from "./sandbox.ts";
import { type HostLimits, SolutionHost } from "./solution-host.ts";
import type { SuitePlan } from "./suite/suite-main.ts";

export interface GradeRequest {
  readonly task: Task;
  /** What the agent left. It is only read, and only the task's declared paths of it. */
  readonly workspace: string;
  /** An empty folder outside every repository; the caller removes it. */
  readonly scratch: string;
  /** Bound of the whole grading. */
  readonly timeoutMs: number;
  readonly environment: Environment;
  readonly hostLimits?: HostLimits;
}

/** A loaded machine must not fail a good solution, a hanging one must not take minutes. */
const HOST_LIMITS: HostLimits = { startMs: 30_000, loadMs: 8000, callMs: 4000 };
const SCENARIO_MS_MAX = 60_000;

const here = fileURLToPath(new URL(".", import.meta.url));
const suiteFolder = path.join(here, "suite");
const suiteMain = path.join(
  suiteFolder,
  `suite-main${path.extname(fileURLToPath(import.meta.url))}`,
);

/**
 * Grades a solution by its task's acceptance suite, visible and held-out scenarios alike.
 * The solution runs in processes of its own; the verdicts come from another one that it can't reach.
 * @throws GraderError when the grader or the suite breaks, never for what a solution does.
 */
export async function gradeSolution(request: GradeRequest): Promise<Grade> {
  const { clock } = request.environment;
  const startedAtMs = clock.monotonicMs();
  const folders = await prepareFolders(request);
  const sandbox = await chooseSandbox(request.environment);
  const pool = new HostPool(() =>
    startHost(sandbox, { folders, limits: request.hostLimits ?? HOST_LIMITS }),
  );
  const desk = new GradingDesk({ pool, refusal: folders.refusal, scenarioMsMax: SCENARIO_MS_MAX });
  const timer = setTimeout(
    () => expire(desk, { pool, timeoutMs: request.timeoutMs }),
    request.timeoutMs,
  );
  try {
    await runToTheEnd(desk, { folders, task: request.task });
  } finally {
    clearTimeout(timer);
    await pool.stopAll();
  }
  const scenarios = desk.results;
  if (scenarios.length === 0)
    throw new GraderError(`The task ${request.task.id} has no scenarios.`);
  return {
    scenarios,
    quality: scenarios.filter(({ status }) => status === "passed").length / scenarios.length,
    durationMs: clock.monotonicMs() - startedAtMs,
    isolation: sandbox.isolation,
    cucumberVersion: desk.cucumberVersion,
  };
}

function startHost(
  sandbox: Sandbox,
  { folders, limits }: { readonly folders: GradingFolders; readonly limits: HostLimits },
): SolutionHost {
  const commandLine = sandbox.commandLine({
    readable: [folders.host, folders.solution],
    args: [folders.hostMain, folders.solutionModule],
  });
  return new SolutionHost(commandLine, { cwd: folders.solution, limits });
}

/** Runs the suite, and again for the rest after each scenario that its process did not survive. */
async function runToTheEnd(
  desk: GradingDesk,
  { folders, task }: { readonly folders: GradingFolders; readonly task: Task },
): Promise<void> {
  const ownSteps = task.acceptancePaths.map((folder) => path.posix.join(folder, "**/*.steps.mjs"));
  const heldOut = task.acceptancePaths.map((folder) => path.posix.join(folder, "**/*.feature"));
  let features: readonly string[] = ["feature.feature", ...heldOut];
  do {
    const plan: SuitePlan = { features: [...features], steps: [WORLD_FILE, ...ownSteps] };
    const end = await runSuite(await suiteCommandLine(folders, plan), { cwd: folders.suite, desk });
    if (!end.hasFinished && !desk.isComplete) desk.concludeDeath(end.complaint);
    if (desk.error !== undefined) throw desk.error;
    features = desk.remaining;
  } while (!desk.hasFinished && features.length > 0);
}

async function suiteCommandLine(
  folders: GradingFolders,
  plan: SuitePlan,
): Promise<readonly string[]> {
  const readable = [folders.suite, ...(await nodeModulesFolders()), suiteFolder];
  return limited(
    permissionLine({ readable, args: [suiteMain, folders.suite, JSON.stringify(plan)] }),
  );
}

function expire(
  desk: GradingDesk,
  { pool, timeoutMs }: { readonly pool: HostPool; readonly timeoutMs: number },
): void {
  if (pool.hangs > 0) desk.failRemaining("The solution hung too often to be graded in time.");
  desk.stop(
    pool.hangs > 0 ? undefined : new GraderError(`Grading took longer than ${timeoutMs / 1000} s.`),
  );
}
