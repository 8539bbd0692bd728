import type { Effect } from "./effect.ts";

interface Shown {
  /** What both calls contain. */
  readonly base: string;
  /** What the attempts' command is. */
  readonly command: string;
}

/** Every option of budgets for a command that shows them or refuses requests by them. */
export function budgetEffects({ base, command }: Shown): Readonly<Record<string, Effect>> {
  const limit = (flag: string, value: string): Readonly<Record<string, Effect>> => ({
    [flag]: { base, add: `${flag} ${value}` },
  });
  // A period can't be without a limit, so that both calls have one.
  const inPeriod = (flag: string, value: string, other: string) => ({
    [flag]: { base: `${base} --period 5h ${other}`, add: `${flag} ${value}` },
  });
  const limited = `${base} --overall-token-budget 40`;
  return {
    ...limit("--overall-token-budget", "1000"),
    ...limit("--overall-cost-budget", "5"),
    ...limit("--overall-minutes-budget", "5"),
    ...limit("--window-token-budget", "900"),
    ...limit("--window-cost-budget", "4"),
    ...limit("--window-minutes-budget", "4"),
    ...inPeriod("--period-token-budget", "800", "--period-cost-budget 100"),
    ...inPeriod("--period-cost-budget", "3", "--period-token-budget 100000"),
    ...limit("--command-budget", `${command}=700`),
    ...limit("--command-cost-budget", `${command}=2`),
    ...limit("--command-minutes-budget", `${command}=3`),
    ...limit("--role-budget", "implementer=600"),
    ...limit("--role-cost-budget", "implementer=1"),
    ...limit("--role-minutes-budget", "implementer=2"),
    "--period": { base: `${base} --period 5h --period-token-budget 2040`, add: "--period 3h" },
    "--budget-parameter-type": {
      base: `${limited} --overall-cost-budget 5`,
      add: "--budget-parameter-type tokens",
    },
    "--budget-basis": { base: limited, add: "--budget-basis all" },
    "--budget-enforcement-mode": { base: limited, add: "--budget-enforcement-mode warn" },
    "--budget-cut": { base: limited, add: "--budget-cut hard" },
    "--overall-budget-scope": { base: limited, add: "--overall-budget-scope own" },
  };
}
