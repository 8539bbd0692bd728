import path from "node:path";

import { plainTable } from "../../../reports/text/plain-table.ts";
import { loadTaskBank } from "../../bank/load-task-bank.ts";
import { loadVariants } from "../../bank/load-variants.ts";
import type { Task } from "../../bank/task.ts";
import { loadConfiguration } from "../../config/load-configuration.ts";
import type { Environment } from "../../environment.ts";
import { readProof } from "../../task-check/proof.ts";
import { sizeOfTask } from "../../task-check/size-of-task.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { taskList as definition } from "../definitions/task-commands.ts";
import { done, jsonOr } from "../result.ts";

const HEAD = [
  "TASK",
  "STRATUM",
  "LANGUAGE",
  "LINES",
  "FILES",
  "VARIANTS",
  "TOKENS MAX",
  "TIMEOUT S",
  "PROVEN",
  "TITLE",
];

/** Lists the tasks of a bank. */
export const taskList: CodeOf<typeof definition> = async (options, environment) => {
  const tasks = chooseTasks(options, environment).map((task) => {
    const { id, title, language, stratum, timeoutS, tokensMax, digest } = task;
    const variants = loadVariants(task).length;
    const facts = { id, title, language, stratum, variants, timeoutS, tokensMax, digest };
    return { ...facts, ...sizeOfTask(task), ...proofFacts(task) };
  });
  const rows = tasks.map((task) => [
    task.id,
    task.stratum,
    task.language,
    ...[task.lines, task.files, task.variants, task.tokensMax, task.timeoutS].map(String),
    sayProof(task),
    task.title,
  ]);
  return done(jsonOr(options, tasks, () => plainTable([HEAD, ...rows])));
};

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
  // The rehearsal runs a part of the bank, and nobody chose it.
  const chosen = configuration.file === null ? ["*"] : configuration.include;
  return loadTaskBank(configuration.bank, include ?? chosen);
}
