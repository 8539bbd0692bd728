import type { BudgetScope, BudgetUnit } from "../../../ledger/domain/budget-event.ts";

/** Limits that an option gives once, in the order of the help. */
const SINGLE = [
  { option: "overallTokenBudget", scope: "overall", unit: "tokens" },
  { option: "overallCostBudget", scope: "overall", unit: "usd" },
  { option: "overallMinutesBudget", scope: "overall", unit: "minutes" },
  { option: "windowTokenBudget", scope: "window", unit: "tokens" },
  { option: "windowCostBudget", scope: "window", unit: "usd" },
  { option: "windowMinutesBudget", scope: "window", unit: "minutes" },
  { option: "periodTokenBudget", scope: "period", unit: "tokens" },
  { option: "periodCostBudget", scope: "period", unit: "usd" },
] as const;

/** Limits that name a command or a role, and may be given several times. */
const NAMED = [
  { option: "commandBudget", scope: "command", unit: "tokens" },
  { option: "commandCostBudget", scope: "command", unit: "usd" },
  { option: "commandMinutesBudget", scope: "command", unit: "minutes" },
  { option: "roleBudget", scope: "role", unit: "tokens" },
  { option: "roleCostBudget", scope: "role", unit: "usd" },
  { option: "roleMinutesBudget", scope: "role", unit: "minutes" },
] as const;

type SingleKey = (typeof SINGLE)[number]["option"];
type NamedKey = (typeof NAMED)[number]["option"];

/** The budget options from the command line. An option that was not given is absent. */
export type BudgetOptions = Readonly<Partial<Record<SingleKey, string>>> &
  /** One entry for each time that the option was given. */
  Readonly<Partial<Record<NamedKey, readonly string[]>>> & {
    readonly period?: string;
    readonly budgetParameterType?: string;
    readonly budgetBasis?: string;
    readonly budgetEnforcementMode?: string;
    readonly budgetCut?: string;
    readonly overallBudgetScope?: string;
    readonly disableBudgetVisuals?: boolean;
  };

/** The option and the environment variable that give a limit. */
interface LimitOption<Key extends keyof BudgetOptions, Scope extends BudgetScope> {
  readonly option: Key;
  readonly flag: string;
  readonly variable: string;
  readonly scope: Scope;
  readonly unit: BudgetUnit;
}

export const SINGLE_LIMIT_OPTIONS: readonly LimitOption<
  SingleKey,
  "overall" | "window" | "period"
>[] = SINGLE.map((limit) => ({ ...limit, ...namesOf(limit.option) }));

/** A variable holds several of these limits, joined by commas. */
export const NAMED_LIMIT_OPTIONS: readonly LimitOption<NamedKey, "command" | "role">[] = NAMED.map(
  (limit) => {
    const { flag, variable } = namesOf(limit.option);
    return { ...limit, flag, variable: `${variable}S` };
  },
);

/** Returns the option that sets a limit, e.g. `--command-budget /implement=40000`. */
export function optionFor(
  { scope, name, unit }: SomeLimit & { readonly name: string },
  amount: number | "unlimited",
): string {
  const isThis = (limit: SomeLimit) => limit.scope === scope && limit.unit === unit;
  const single = SINGLE_LIMIT_OPTIONS.find(isThis);
  if (single !== undefined) return `${single.flag} ${amount}`;
  return `${NAMED_LIMIT_OPTIONS.find(isThis)?.flag ?? ""} ${quoted(`${name}=${amount}`)}`;
}

interface SomeLimit {
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
}

/** Returns the flag and the environment variable of an option. */
export function namesOf(option: string) {
  const words = option.replaceAll(/[A-Z]/gu, (letter) => ` ${letter}`).toLowerCase();
  return {
    flag: `--${words.replaceAll(" ", "-")}`,
    variable: `COUNTERBALANCE_${words.replaceAll(" ", "_").toUpperCase()}`,
  };
}

/** Quotes a text for a shell if it needs quotes. */
function quoted(text: string): string {
  return /^[\w/=.-]+$/u.test(text) ? text : `'${text}'`;
}
