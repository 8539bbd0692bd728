import { plainTable } from "../../../reports/text/plain-table.ts";
import { listTasks } from "../../bank/list-tasks.ts";
import type { Environment } from "../../environment.ts";
import { done, jsonOr, type Result } from "../result.ts";
import { chooseTasks, type TaskBankOptions } from "./task-bank-options.ts";

/** Lists the tasks of a bank. */
export async function taskList(
  options: TaskBankOptions,
  environment: Environment,
): Promise<Result> {
  const listings = listTasks(chooseTasks(options, environment));
  const head = ["TASK", "STRATUM", "LANGUAGE", "VARIANTS", "TOKENS MAX", "TIMEOUT S", "TITLE"];
  const rows = listings.map(({ id, stratum, language, variants, tokensMax, timeoutS, title }) => [
    id,
    stratum,
    language,
    String(variants),
    String(tokensMax),
    String(timeoutS),
    title,
  ]);
  return done(jsonOr(options, listings, () => plainTable([head, ...rows])));
}
