import { plainTable } from "../../../reports/text/plain-table.ts";
import { listTasks } from "../../bank/list-tasks.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { taskList as definition } from "../definitions/tool-commands.ts";
import { done, jsonOr } from "../result.ts";
import { chooseTasks } from "./task-bank-options.ts";

/** Lists the tasks of a bank. */
export const taskList: CodeOf<typeof definition> = async (options, environment) => {
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
};
