import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { readSolutionPatch } from "../bank/read-solution-patch.ts";
import type { CommandTask } from "../bank/task.ts";
import { GraderError } from "../grading/grade-result.ts";
import type { TestsProof } from "./proof.ts";
import { containsDiff, sizeOfPatch } from "./solution-patch.ts";
import { type SortedTests, type SuiteRun, sortTests } from "./sort-tests.ts";
import type { TaskClaim } from "./task-claim.ts";
import { type TaskRuns, openTaskRuns } from "./task-runs.ts";

/** Runs with the reference solution. A test has to pass in each of them. */
const RUNS = 5;
/** Runs of the untouched workspace. A test that fails by chance seldom fails twice. */
const RUNS_WITHOUT = 2;

/** The lists of tests that `task.yaml` has. */
export type ProvenTests = Readonly<
  Record<"fail_to_pass" | "pass_to_pass" | "canaries", readonly string[]>
>;

export interface CommandProof {
  readonly claims: readonly TaskClaim[];
  readonly tests: ProvenTests;
  readonly proof: TestsProof;
}

export interface ProofTools {
  readonly environment: Environment;
  /** Ends the proof before its next step. */
  readonly signal: AbortSignal;
  /** Given for a task whose `task.yaml` has no lists yet: a part of the name of the test that must fail. */
  readonly unlisted?: { readonly canaryMarker: string | undefined } | undefined;
  /** Called after each claim, for progress. */
  readonly onClaim?: ((claim: TaskClaim) => void) | undefined;
}

/**
 * Proves a task that a command grades: setup works, tests distinguish the reference solution from the untouched
 * workspace, and neither the statement nor the history gives the solution away. It stops at the first
 * claim that does not hold.
 */
export async function proveCommandTask(
  task: CommandTask,
  tools: ProofTools,
): Promise<CommandProof> {
  const patch = readSolutionPatch(task.folder);
  const claims: TaskClaim[] = [];
  const found = { tests: NO_TESTS };
  for await (const claim of proveClaims(task, { patch, found, tools })) {
    claims.push(claim);
    tools.onClaim?.(claim);
    if (!claim.ok) break;
  }
  const { failToPass, passToPass, flaky, canaries } = found.tests;
  const tests = { fail_to_pass: failToPass, pass_to_pass: passToPass, canaries };
  const proof: TestsProof = {
    at: timestampOf(tools.environment.clock.nowMs()),
    digest: task.digest,
    ok: claims.every(({ ok }) => ok),
    language: task.language,
    ...sizeOfPatch(patch),
    runs: RUNS,
    ...tests,
    flaky,
  };
  return { claims, tests, proof };
}

/** What the runs show. */
interface FoundTests extends SortedTests {
  readonly canaries: readonly string[];
}
/** How the tests ended in each run. */
type Ends = Readonly<Record<"without" | "withSolution", SuiteRun[]>>;

const NO_TESTS: FoundTests = { failToPass: [], passToPass: [], flaky: [], canaries: [] };

interface Proving {
  readonly patch: string;
  /** Filled in as the runs are done. */
  readonly found: { tests: FoundTests };
  readonly tools: ProofTools;
}

async function* proveClaims(task: CommandTask, proving: Proving): AsyncGenerator<TaskClaim> {
  yield claimThat("The statement does not contain the solution", {
    code: "diff_in_statement",
    ok: !containsDiff(task.statement, proving.patch),
    got: "the statement contains the solution",
  });
  const setup = "Setup works, and the tests run";
  const { patch, tools } = proving;
  const { environment, signal } = tools;
  let runs: TaskRuns;
  try {
    runs = await openTaskRuns(task, { patch, environment, signal });
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    yield claimThat(setup, { code: "setup", ok: false, got: error.message });
    return;
  }
  try {
    const later = await runs.countForeignObjects();
    yield claimThat("The history in the workspace ends at the start", {
      code: "later_history",
      ok: later === 0,
      got: `the workspace has ${String(later)} objects that its history does not need`,
    });
    yield* proveTests(task, proving, { runs, setup });
  } finally {
    await runs.close();
  }
}

async function* proveTests(
  task: CommandTask,
  { found, tools }: Proving,
  { runs, setup }: { readonly runs: TaskRuns; readonly setup: string },
): AsyncGenerator<TaskClaim> {
  const ends: Ends = { without: [], withSolution: [] };
  let printed: readonly string[] = [];
  try {
    ends.withSolution.push(await runs.runTests({ withSolution: true }));
    printed = lastLines(runs.printed());
    ends.without.push(await runs.runTests({ withSolution: false }));
  } catch (error) {
    if (!(error instanceof GraderError)) throw error;
    yield claimThat(setup, { code: "tests", ok: false, got: error.message });
    return;
  }
  yield claimThat(setup, { code: "tests", ok: true, got: "" });
  if (sortTests(ends).failToPass.length > 0) await repeat(runs, { ends, tools });
  const tests = { ...sortTests(ends), canaries: canariesOf(task, ends, tools) };
  found.tests = tests;
  const passing = tests.failToPass.length + tests.passToPass.length;
  const isNonePassing = passing + tests.flaky.length === 0;
  yield claimThat("A test fails without the solution, and passes with it in every run", {
    code: "no_fail_to_pass",
    ok: tests.failToPass.length > 0,
    printed: isNonePassing ? printed : undefined,
    got: isNonePassing
      ? "no test passes with the solution"
      : tests.flaky.length > 0
        ? `the tests that fail without the solution are flaky: ${tests.flaky.join("; ")}`
        : "every test that passes with the solution passes without it too",
  });
  yield* proveLists(task, { tests, ends, tools });
}

const LINES_SHOWN = 10;

function lastLines(text: string): readonly string[] {
  const lines = text.trimEnd().split("\n");
  return lines.slice(-LINES_SHOWN).filter((line) => line !== "");
}

async function repeat(
  runs: TaskRuns,
  { ends, tools }: { readonly ends: Ends; readonly tools: ProofTools },
): Promise<void> {
  while (ends.withSolution.length < RUNS && !tools.signal.aborted) {
    ends.withSolution.push(await runs.runTests({ withSolution: true }));
  }
  while (ends.without.length < RUNS_WITHOUT && !tools.signal.aborted) {
    ends.without.push(await runs.runTests({ withSolution: false }));
  }
}

function canariesOf(
  { acceptance }: CommandTask,
  { withSolution }: Ends,
  { unlisted }: ProofTools,
): readonly string[] {
  if (unlisted === undefined) return acceptance.canaries;
  const { canaryMarker } = unlisted;
  if (canaryMarker === undefined) return [];
  const names = new Set(withSolution.flatMap((run) => [...run.keys()]));
  return [...names].filter((name) => name.includes(canaryMarker)).toSorted();
}

function* proveLists(
  { acceptance }: CommandTask,
  { tests, ends, tools }: { tests: FoundTests; ends: Ends; tools: ProofTools },
): Generator<TaskClaim> {
  const marker = tools.unlisted?.canaryMarker;
  const missing = marker !== undefined && tests.canaries.length === 0 ? [marker] : [];
  const alive = tests.canaries.filter((name) =>
    ends.withSolution.some((run) => run.get(name) !== "failed"),
  );
  yield claimThat("Every canary fails", {
    code: "canary",
    ok: alive.length + missing.length === 0,
    got: `these canaries do not fail: ${[...alive, ...missing].join("; ")}`,
  });
  // An import writes the lists that the proof finds.
  if (tools.unlisted !== undefined) return;
  const wrong = [
    ...acceptance.failToPass.filter((name) => !tests.failToPass.includes(name)),
    ...acceptance.passToPass.filter((name) => !tests.passToPass.includes(name)),
  ];
  yield claimThat("The tests in task.yaml end as their lists say, in every run", {
    code: "lists",
    ok: wrong.length === 0,
    got: `these tests end otherwise: ${wrong.join("; ")}. Copy the right lists from proof.json`,
  });
}

function claimThat(
  claim: string,
  { ok, got, ...others }: Pick<TaskClaim, "ok" | "got" | "printed"> & { readonly code: string },
): TaskClaim {
  return { claim, expected: "yes", got: ok ? "yes" : got, ok, ...others };
}
