import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { GherkinTask } from "../bank/task.ts";
import { proveSuite, type CheckContext, type TaskCheck } from "./check-task.ts";
import { checkMutants, KILLED_SHARE_MIN, type MutantCheck } from "./mutants/check-mutants.ts";
import type { SuiteProof } from "./proof.ts";
import { sizeOfTask } from "./size-of-task.ts";
import type { TaskClaim } from "./task-claim.ts";

/** Proves all that can be proven of a task in Gherkin: its variants, every cheat and attack, its mutants. */
export async function proveGherkinTask(
  task: GherkinTask,
  context: CheckContext,
): Promise<{ readonly check: TaskCheck; readonly proof: SuiteProof }> {
  const { environment, scratch } = context;
  // Most attacks wait for a limit, and mutants use the processor meanwhile.
  const [{ claims: graded }, mutants] = await Promise.all([
    proveSuite(task, context),
    checkMutants(task, { scratch, name: environment.randomId() }),
  ]);
  const claim = claimOf(mutants);
  context.onClaim?.(claim);
  const claims = [...graded, claim];
  const ok = claims.every((one) => one.ok);
  return {
    check: { taskId: task.id, claims, ok },
    proof: {
      at: timestampOf(environment.clock.nowMs()),
      digest: task.digest,
      ok,
      language: task.language,
      ...sizeOfTask(task),
      claims: claims.length,
      failed: claims.filter((one) => !one.ok).map((one) => one.claim),
      mutants: mutants.mutants,
      equivalent: mutants.equivalent,
      killed: mutants.killed,
    },
  };
}

function claimOf({ ok, mutants, equivalent, killed, failedBySolution }: MutantCheck): TaskClaim {
  const faults = mutants - equivalent;
  return {
    claim: "the suite notices small changes of the solution",
    expected: `at least ${String(KILLED_SHARE_MIN * 100)} %`,
    got:
      failedBySolution === null
        ? `${String(killed)} of ${String(faults)}`
        : `the solution fails "${failedBySolution}"`,
    ok,
  };
}
