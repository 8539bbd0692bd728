import { type Command, Option } from "commander";

import { LIMIT_DOORS, NAMED_DOORS } from "../budgets/budget-doors.ts";
import { UNIT_FORM } from "../budgets/parse-amount.ts";

/** Adds every option by which a budget is given or governed, under a heading of their own in the help. */
export function withBudgets(command: Command): Command {
  command.optionsGroup("Budgets (0 allows nothing, unlimited is no limit):");
  for (const { flag, unit, about } of LIMIT_DOORS) {
    command.option(`${flag} <${UNIT_FORM[unit]}>`, about);
  }
  for (const { flag, scope, unit, about } of NAMED_DOORS) {
    command.addOption(repeatable(`${flag} <${scope}=${UNIT_FORM[unit]}>`, about));
  }
  return withManner(command).optionsGroup("");
}

/** How budgets count, and what they do. */
function withManner(command: Command): Command {
  return command
    .option("--period <time>", "how far back the period reaches, e.g. 5h")
    .option(
      "--budget-parameter-type <type>",
      "which limits hold: tokens, cost, or mixed (default), whichever is hit first",
    )
    .option(
      "--budget-basis <basis>",
      "which tokens count: uncached (default), billable (by price) or all",
    )
    .option(
      "--budget-enforcement-mode <mode>",
      "block (default) refuses what a budget has no room for, warn only says so",
    )
    .option(
      "--budget-cut <cut>",
      "hard ends a running answer at the limit; none (default) does not",
    )
    .option("--disable-budget-visuals", "show budgets without bars");
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`).argParser(
    (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
  );
}
