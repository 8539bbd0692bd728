import path from "node:path";

import { plainTable } from "../../../reports/text/plain-table.ts";
import { loadTaskBank } from "../../bank/load-task-bank.ts";
import { loadVariants } from "../../bank/load-variants.ts";
import type { Task } from "../../bank/task.ts";
import { loadConfiguration } from "../../config/load-configuration.ts";
import type { Environment } from "../../environment.ts";
import type { CodeOf, OptionsOf } from "../definitions/definition.ts";
import type { taskList as definition } from "../definitions/tool-commands.ts";
import { done, jsonOr } from "../result.ts";

/** Lists the tasks of a bank. */
export const taskList: CodeOf<typeof definition> = async (options, environment) => {
  const tasks = chooseTasks(options, environment).map((task) => {
    const { id, title, language, stratum, timeoutS, tokensMax, digest } = task;
    const variants = loadVariants(task).length;
    return { id, title, language, stratum, variants, timeoutS, tokensMax, digest };
  });
  const head = ["TASK", "STRATUM", "LANGUAGE", "VARIANTS", "TOKENS MAX", "TIMEOUT S", "TITLE"];
  const rows = tasks.map(({ id, stratum, language, variants, tokensMax, timeoutS, title }) => [
    id,
    stratum,
    language,
    ...[variants, tokensMax, timeoutS].map(String),
    title,
  ]);
  return done(jsonOr(options, tasks, () => plainTable([head, ...rows])));
};

/** The tasks of the bank that the options name and, if there are patterns, that these match. */
export function chooseTasks(
  { bank, config }: OptionsOf<typeof definition>,
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
