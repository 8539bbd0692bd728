import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { GherkinTask } from "../bank/task.ts";
import { GraderError, type Grade } from "./grade-result.ts";
import { GradingSession } from "./grading-session.ts";
import { HostPool } from "./host-pool.ts";
import {
  type GradingFolders,
  WORLD_FILE,
  nodeModulesFolders,
  prepareFolders,
} from "./prepare-folders.ts";
import { qualityOf } from "./quality.ts";
import { runSuite, startSuite } from "./run-suite.ts";
import { type Sandbox, chooseSandbox, limited, permissionLine } from "./sandbox.ts";
import { type HostLimits, type HostPlace, SolutionHost } from "./solution-host.ts";
import { stripTypes } from "./strip-types.ts";
import type { SuitePlan } from "./suite/suite-main.ts";
import { watchGrading } from "./watch-grading.ts";

export interface GradeRequest {
  readonly task: GherkinTask;
  /** What the agent left. Grading only reads it, and only the paths that the task declares. */
  readonly workspace: string;
  /** An empty folder outside every repository. The caller removes it. */
  readonly scratch: string;
  /** Limit for the whole grading, in own time of the solution, and likewise of the suite. */
  readonly timeoutMs: number;
  readonly environment: Environment;
  readonly hostLimits?: HostLimits;
}

/** The limit of a whole grading. */
export const GRADING_LIMIT_MS = 120_000;

/** A solution that hangs must not take minutes. A busy machine costs no own time. */
const HOST_LIMITS: HostLimits = { startMs: 30_000, loadMs: 8000, callMs: 4000 };

/** A module that has hung twice while loading gets this fraction of the time. */
const HURRY = 4;

const here = fileURLToPath(new URL(".", import.meta.url));
const suiteFolder = path.join(here, "suite");
const suiteMain = path.join(
  suiteFolder,
  `suite-main${path.extname(fileURLToPath(import.meta.url))}`,
);

/**
 * Grades a solution with the visible and the held-out scenarios of its task's acceptance suite.
 * The solution runs in its own processes. The verdicts come from another process that it can't reach.
 * @throws GraderError if the grader or the suite breaks, never because of what a solution does.
 */
export async function gradeSolution(request: GradeRequest): Promise<Grade> {
  const { clock } = request.environment;
  const startedAtMs = clock.monotonicMs();
  const folders = await prepareFolders(request).catch((cause: unknown) => {
    throw new GraderError(`The folders for grading could not be made: ${reasonOf(cause)}`, {
      cause,
    });
  });
  const sandbox = await chooseSandbox(request.environment);
  const { hostLimits: limits = HOST_LIMITS, timeoutMs } = request;
  const hurried = { ...limits, loadMs: limits.loadMs / HURRY };
  let stripped: Promise<void> | undefined;
  const mayLoad = async () => await stripped;
  const pool = new HostPool((hasHungOften) => {
    const bounds = { limits: hasHungOften ? hurried : limits, clock, mayLoad };
    const host = startHost(sandbox, folders, bounds);
    stripped ??= stripTypes(host, folders);
    return host;
  });
  const session = new GradingSession(pool, folders.refusal);
  const watch = watchGrading({ session, pool, timeoutMs, clock });
  try {
    await runToTheEnd(session, folders, request);
  } finally {
    watch.stop();
    await Promise.all([stripped, pool.stopAll()]);
  }
  const scenarios = session.results;
  if (scenarios.length === 0)
    throw new GraderError(`The task ${request.task.id} has no scenarios.`);
  return {
    scenarios,
    ...qualityOf(scenarios),
    durationMs: clock.monotonicMs() - startedAtMs,
    isolation: sandbox.isolation,
    cucumberVersion: session.cucumberVersion,
  };
}

function startHost(
  sandbox: Sandbox,
  folders: GradingFolders,
  bounds: Omit<HostPlace, "cwd">,
): SolutionHost {
  const commandLine = sandbox.commandLine({
    readable: [folders.host, folders.solution, folders.stripped],
    args: [folders.hostMain, folders.solutionModule, folders.solution, folders.stripped],
  });
  return new SolutionHost(commandLine, { cwd: folders.solution, ...bounds });
}

/** Runs the suite. If its process dies in a scenario or one is starved, runs what remains again. */
async function runToTheEnd(
  session: GradingSession,
  folders: GradingFolders,
  { task, environment }: GradeRequest,
): Promise<void> {
  const compiled = environment.variables["NODE_COMPILE_CACHE"];
  if (compiled !== undefined) await mkdir(compiled, { recursive: true });
  const ownSteps = task.acceptancePaths.map((folder) => path.posix.join(folder, "**/*.steps.mjs"));
  const heldOut = task.acceptancePaths.map((folder) => path.posix.join(folder, "**/*.feature"));
  let features: readonly string[] = ["feature.feature", ...heldOut];
  do {
    const plan: SuitePlan = { features: [...features], steps: [WORLD_FILE, ...ownSteps] };
    const commandLine = await suiteCommandLine(folders, plan, compiled);
    const env = compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled };
    const complaint = await runSuite(startSuite(commandLine, { cwd: folders.suite, env }), session);
    if (!session.hasFinished && !session.isComplete) session.concludeDeath(complaint);
    if (session.error !== undefined) throw session.error;
    features = session.remaining;
  } while (features.length > 0 && (!session.hasFinished || session.isRetrying));
}

async function suiteCommandLine(
  folders: GradingFolders,
  plan: SuitePlan,
  compiled: string | undefined,
): Promise<readonly string[]> {
  const readable = [folders.suite, ...(await nodeModulesFolders()), suiteFolder];
  const writable = compiled === undefined ? [] : [compiled];
  const args = [suiteMain, folders.suite, JSON.stringify(plan)];
  return limited(permissionLine({ readable, writable, args }));
}
