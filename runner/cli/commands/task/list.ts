import { plainTable } from "../../../../reports/text/plain-table.ts";
import { COLUMNS } from "../../../../reports/text/wrap-text.ts";
import { chooseTasks } from "../../../plan/config/choose-tasks.ts";
import { loadVariants } from "../../../tasks/bank/load-variants.ts";
import { proofFacts, type ProofFacts } from "../../../tasks/check/proof.ts";
import { sizeOfTask, type TaskSize } from "../../../tasks/check/size-of-task.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { taskList as definition } from "./definition.ts";

const HEAD = ["TASK", "LINES", "FILES", "PROVEN", "LANGUAGE", "STRATUM"];

/** Lists the tasks of a bank. */
export const taskList: CodeOf<typeof definition> = async (options, environment) => {
  const tasks = chooseTasks(options, environment).map((task) => {
    const { id, title, language, stratum, timeoutS, tokensMax, digest } = task;
    const variants = loadVariants(task).length;
    const facts = { id, title, language, stratum, variants, timeoutS, tokensMax, digest };
    return { ...facts, ...sizeOfTask(task), ...proofFacts(task) };
  });
  return doneWith(options, tasks, () => describe(tasks, columnsOf(environment) ?? COLUMNS));
};

interface ListedTask extends ProofFacts, TaskSize {
  readonly id: string;
  readonly language: string;
  readonly stratum: string;
}

function describe(tasks: readonly ListedTask[], columns: number): string {
  const rows = tasks.map((task) => [
    task.id,
    String(task.lines),
    String(task.files),
    dayOf(task),
    task.language,
    task.stratum,
  ]);
  return plainTable([HEAD, ...rows], { columns, wrap: "TASK" });
}

function dayOf({ proven, proofHolds }: ProofFacts): string {
  if (proven === null) return "no";
  return proofHolds === true ? (proven.split("T")[0] ?? "") : "changed";
}

export function sayProof({ proven, proofHolds }: ProofFacts): string {
  if (proven === null) return "no";
  const [day = ""] = proven.split("T");
  return proofHolds === true ? day : `${day}, changed since`;
}
