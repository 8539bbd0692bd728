import { formatPercent } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { requireGherkin } from "../../../tasks/bank/require-gherkin.ts";
import type { Task } from "../../../tasks/bank/task.ts";
import {
  KILLED_SHARE_MIN,
  type MutantCheck,
  checkMutants,
} from "../../../tasks/check/mutants/check-mutants.ts";
import { columnsOf } from "../../columns.ts";
import { doneIf, doneWith, type Result } from "../../result.ts";

/** Runs the suite of each task with the mutants of its solution. */
export async function killMutants(
  tasks: readonly Task[],
  {
    options,
    scratch,
    environment,
  }: {
    readonly options: { readonly json?: boolean };
    readonly scratch: string;
    readonly environment: Environment;
  },
): Promise<Result> {
  const checks: MutantCheck[] = [];
  for (const task of tasks) {
    environment.stderr.write(`Running the mutants of ${task.id}\n`);
    checks.push(
      await checkMutants(requireGherkin(task), { scratch, name: environment.randomId() }),
    );
  }
  const say = () => describe(checks, columnsOf(environment));
  return doneIf(
    checks.every(({ ok }) => ok),
    doneWith(options, checks, say),
  );
}

function describe(checks: readonly MutantCheck[], columns?: number): string {
  const rows = checks.map(({ taskId, ok, mutants, killed, equivalent }) => [
    taskId,
    ok ? "holds" : "FAILS",
    ...[mutants, equivalent, killed].map(String),
    formatPercent(killed / (mutants - equivalent)),
  ]);
  const head = ["TASK", "", "MUTANTS", "EQUIVALENT", "KILLED", "SHARE"];
  return [plainTable([head, ...rows], { columns }), ...checks.flatMap(describeRest)].join("\n");
}

function describeRest(check: MutantCheck): readonly string[] {
  const { taskId, survivors, idle, failedBySolution } = check;
  if (failedBySolution !== null)
    return ["", `${taskId}: the solution itself fails the scenario "${failedBySolution}".`];
  return [
    ...(survivors.length === 0 ? [] : ["", `${taskId}: every scenario passes with`]),
    ...survivors.map(sayMutant),
    ...(idle.length === 0
      ? []
      : ["", `${taskId}: named as equivalent, but no such mutant survives`]),
    ...idle.map(sayMutant),
    ...(check.ok || survivors.length === 0 ? [] : ["", sayRemedy(taskId)]),
  ];
}

function sayMutant({ at, from, to }: MutantCheck["survivors"][number]): string {
  return `  ${at}  ${from}  →  ${to}`;
}

function sayRemedy(taskId: string): string {
  return (
    `${taskId}: expected at least ${formatPercent(KILLED_SHARE_MIN)} to be killed. Add scenarios, or name what is not a fault ` +
    'under "equivalents" in variants/variants.yaml, with a reason.'
  );
}
