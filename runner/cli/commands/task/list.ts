import path from "node:path";

import { plainTable } from "../../../../reports/text/plain-table.ts";
import { COLUMNS } from "../../../../reports/text/wrap-text.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { loadTaskBank } from "../../../tasks/bank/load-task-bank.ts";
import { loadVariants } from "../../../tasks/bank/load-variants.ts";
import type { Task } from "../../../tasks/bank/task.ts";
import { readProof } from "../../../tasks/check/proof.ts";
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

/** When a task was last proven, and whether it has changed since; null if it has no proof. */
interface ProofFacts {
  readonly proven: string | null;
  readonly proofHolds: boolean | null;
}

export function proofFacts({ folder, digest }: Task): ProofFacts {
  const proof = readProof(folder);
  if (proof === undefined) return { proven: null, proofHolds: null };
  return { proven: proof.at, proofHolds: proof.ok && proof.digest === digest };
}

export function sayProof({ proven, proofHolds }: ProofFacts): string {
  if (proven === null) return "no";
  const [day = ""] = proven.split("T");
  return proofHolds === true ? day : `${day}, changed since`;
}

interface Chosen {
  readonly bank?: string | undefined;
  readonly config?: string | undefined;
}

/** The tasks of the bank that the options name and, if there are patterns, that these match. */
export function chooseTasks(
  { bank, config }: Chosen,
  environment: Environment,
  patterns: readonly string[] = [],
): readonly Task[] {
  const include = patterns.length > 0 ? patterns : undefined;
  if (bank !== undefined) {
    return loadTaskBank(path.resolve(environment.cwd, bank), include ?? ["*"]);
  }
  const configuration = loadConfiguration(config === undefined ? {} : { config }, environment);
  // The rehearsal runs a part of the bank, which the user did not choose.
  const chosen = configuration.file === null ? ["*"] : configuration.include;
  return loadTaskBank(configuration.bank, include ?? chosen);
}
