import { countNoun } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { readWorkflow } from "../../../teams/read-workflow.ts";
import type { Role, WorkflowFile } from "../../../teams/workflow-file.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { workflowCheck as definition } from "./definition.ts";

/** Checks a workflow file, and shows its roles in the order in which they work. */
export const workflowCheck: CodeOf<typeof definition> = (options, environment) => {
  const workflow = readWorkflow(options.file, environment.cwd);
  const say = () => describe(options.file, workflow, columnsOf(environment));
  return Promise.resolve(doneWith(options, workflow, say));
};

const HEAD = ["ROLE", "COMMAND", "HANDS OVER", "CHANGES", "BUDGET", "READS"];

function describe(file: string, { roles }: WorkflowFile, columns: number | undefined): string {
  const rows = roles.map((role) => [
    role.parallel ? `+ ${role.name}` : role.name,
    role.command,
    role.handoff,
    role.writes.length === 0 ? "nothing" : role.writes.join(" "),
    sayBudget(role),
    role.reads.join(" "),
  ]);
  const table = plainTable(
    [HEAD, ...rows].map((row) => row.map((cell) => toPlainLine(cell))),
    columns === undefined ? {} : { columns },
  );
  return [
    toPlainLine(`${file}: a valid workflow of ${countNoun(roles.length, "role")}.`),
    table,
    ...roles.flatMap(sayLoop),
  ].join("\n");
}

function sayBudget({ budgets: { tokens, usd, minutes } }: Role): string {
  const parts = [
    ...(tokens === undefined ? [] : [`${String(tokens)} tokens`]),
    ...(usd === undefined ? [] : [`$${String(usd)}`]),
    ...(minutes === undefined ? [] : [`${String(minutes)} min`]),
  ];
  return parts.length === 0 ? "none" : parts.join(", ");
}

function sayLoop({ name, sends_back_to: target, rounds_max: rounds }: Role): readonly string[] {
  if (target === undefined) return [];
  return [`${name} sends work back to ${target}, at most ${countNoun(rounds, "time")}.`];
}
