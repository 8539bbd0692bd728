import type { Environment } from "../../../platform/environment/environment.ts";
import { redactText } from "../../../platform/redaction/redact.ts";
import type { CommandTask } from "../../bank/task.ts";
import { clearResults, readResultFiles } from "../../results/read-result-files.ts";
import { ResultsFault, SUITE, type TestResult } from "../../results/test-result.ts";
import { runInRoom } from "../../setup/run-in-room.ts";
import { setupSecrets } from "../../setup/setup-variables.ts";
import { type TaskRoom, workFolder } from "../../setup/task-room.ts";
import { GraderError, GraderStarvedError, type Isolation } from "../grade-result.ts";
import { OwnTime, readProcessTree, SAMPLE_GAP_MS_MAX, SAMPLE_MS } from "../own-time.ts";
import { WALL_FACTOR } from "../solution-host.ts";

export interface AcceptanceRun {
  readonly task: CommandTask;
  readonly room: TaskRoom;
  /** Limit in own time of the tests. */
  readonly limitMs: number;
  readonly environment: Environment;
  /** Ends the tests. */
  readonly signal?: AbortSignal;
}

/** The results of a task's tests. What they print decides nothing. */
export interface AcceptanceEnd {
  readonly results: readonly TestResult[];
  /** The end of what they printed, for people. */
  readonly output: string;
  readonly isolation: Isolation;
}

/**
 * Runs the tests of a task in a sandbox without a network.
 * @throws ResultsFault if they leave no results that can be read.
 * @throws GraderError if they can't be started.
 */
export async function runAcceptance(run: AcceptanceRun): Promise<AcceptanceEnd> {
  const { task, room, environment } = run;
  const { results: source } = task.acceptance;
  const cwd = workFolder(task, room.tree);
  if (source.format !== "exit_code") {
    await clearResults({ tree: room.tree, cwd, pattern: source.file });
  }
  const watch = watchTime(run);
  try {
    const end = await runInRoom(
      { task, run: task.acceptance.run, room, onStart: watch.start },
      environment,
    );
    const { exitCode, output, startError, isSandboxed, inside } = end;
    watch.check(output);
    if (startError !== undefined) {
      throw new GraderError(`The tests of ${task.id} could not be started: ${startError}`);
    }
    const isolation = isSandboxed ? "bubblewrap" : "none";
    if (source.format === "exit_code") {
      const status = exitCode === 0 ? "passed" : "failed";
      return { results: [{ name: SUITE, status }], output, isolation };
    }
    const { format, file: pattern } = source;
    const folder = workFolder(task, inside.tree);
    try {
      const from = { tree: room.tree, cwd, pattern, format, folder };
      const results = await readResultFiles(from);
      return { results: withoutSecrets(results, run), output, isolation };
    } catch (error) {
      if (!(error instanceof ResultsFault)) throw error;
      const ended = exitCode === null ? "was ended" : `exited with ${String(exitCode)}`;
      throw new ResultsFault(
        `${source.file}: ${error.message}. The tests' command ${ended}; its output ends with: ${output.trim().slice(-SAID_CHARACTERS_MAX)}`,
      );
    }
  } finally {
    watch.stop();
  }
}

/** Setup may have left the values of its variables in the tree, and a test may say what it read there. */
function withoutSecrets(
  results: readonly TestResult[],
  { task, environment }: AcceptanceRun,
): readonly TestResult[] {
  const secrets = setupSecrets(task, environment);
  return results.map(({ message, ...result }) =>
    message === undefined ? result : { ...result, message: redactText(message, secrets) },
  );
}

const SAID_CHARACTERS_MAX = 1000;

/** Ends tests that take too much of their own time. A wall limit only guards against hangs. */
function watchTime({ limitMs, task, environment: { clock }, signal }: AcceptanceRun) {
  const own = new OwnTime(SAMPLE_GAP_MS_MAX);
  const startedMs = clock.monotonicMs();
  let ownMs = 0;
  let over: "own" | "wall" | undefined;
  let timer: NodeJS.Timeout | undefined;
  let end: (() => void) | undefined;
  return {
    start: (pid: number | undefined, kill: () => void) => {
      end = kill;
      signal?.addEventListener("abort", kill);
      if (signal?.aborted === true) kill();
      timer = setInterval(() => {
        const nowMs = clock.monotonicMs();
        ownMs += own.sample(nowMs, readProcessTree(pid));
        if (ownMs >= limitMs) over = "own";
        else if (nowMs - startedMs >= limitMs * WALL_FACTOR) over = "wall";
        if (over !== undefined) kill();
      }, SAMPLE_MS);
    },
    stop: () => {
      clearInterval(timer);
      if (end !== undefined) signal?.removeEventListener("abort", end);
    },
    check: (output: string) => {
      const limit = `${String(limitMs / 1000)} s`;
      if (over === "own") {
        throw new ResultsFault(
          `the tests took more than ${limit} of their own time; their output ends with: ${output.trim().slice(-SAID_CHARACTERS_MAX)}`,
        );
      }
      if (over === "wall") {
        throw new GraderStarvedError(
          `The machine did not let the tests of ${task.id} end within ${String(WALL_FACTOR)} times ${limit}.`,
        );
      }
    },
  };
}
