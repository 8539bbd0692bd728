import { plainTable } from "../../../reports/format/plain-table.ts";
import { listTasks } from "../../bank/list-tasks.ts";
import type { Environment } from "../../environment.ts";
import { done, type Result } from "../result.ts";
import { chooseTasks, type TaskBankOptions } from "./task-bank-options.ts";

/** Lists the tasks of a bank. */
export async function taskList(
  options: TaskBankOptions,
  environment: Environment,
): Promise<Result> {
  const listings = listTasks(chooseTasks(options, environment));
  if (options.json === true) return done(JSON.stringify(listings, null, 2));
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
  return done(plainTable([head, ...rows]));
}
