import { type Command, Option } from "commander";

/** Adds every option by which a budget is given or governed. */
export function withBudgets(command: Command): Command {
  return command
    .option("--overall-token-budget <tokens>", "tokens that all windows together may take")
    .option("--overall-cost-budget <dollars>", "dollars that all windows together may take")
    .option("--overall-minutes-budget <minutes>", "minutes that all attempts together may take")
    .addOption(
      repeatable(
        "--command-budget <command=tokens>",
        "tokens that one attempt at a command may take",
      ),
    )
    .addOption(repeatable("--command-cost-budget <command=dollars>", "the same in dollars"))
    .addOption(
      repeatable("--role-budget <role=tokens>", "tokens that a role may take in one attempt"),
    )
    .option("--window-token-budget <tokens>", "tokens that one attempt at any window may take")
    .option("--period-token-budget <tokens>", "tokens within a rolling period, of the whole ledger")
    .option("--period-cost-budget <dollars>", "the same in dollars")
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
