import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";

/** Limits that one option gives once, in the order in which help shows them. */
const SINGLE = [
  {
    option: "overallTokenBudget",
    scope: "overall",
    unit: "tokens",
    about: "tokens that all windows together may take",
  },
  { option: "overallCostBudget", scope: "overall", unit: "usd", about: "the same in dollars" },
  {
    option: "overallMinutesBudget",
    scope: "overall",
    unit: "minutes",
    about: "minutes that all attempts together may take",
  },
  {
    option: "windowTokenBudget",
    scope: "window",
    unit: "tokens",
    about: "tokens that one attempt at any window may take",
  },
  { option: "windowCostBudget", scope: "window", unit: "usd", about: "the same in dollars" },
  { option: "windowMinutesBudget", scope: "window", unit: "minutes", about: "the same in minutes" },
  {
    option: "periodTokenBudget",
    scope: "period",
    unit: "tokens",
    about: "tokens within a rolling period, of the whole ledger",
  },
  { option: "periodCostBudget", scope: "period", unit: "usd", about: "the same in dollars" },
] as const;

/** Limits that name whose they are, and may be given several times. */
const NAMED = [
  {
    option: "commandBudget",
    scope: "command",
    unit: "tokens",
    about: "tokens that one attempt at a command may take",
  },
  { option: "commandCostBudget", scope: "command", unit: "usd", about: "the same in dollars" },
  {
    option: "commandMinutesBudget",
    scope: "command",
    unit: "minutes",
    about: "the same in minutes",
  },
  {
    option: "roleBudget",
    scope: "role",
    unit: "tokens",
    about: "tokens that a role may take in one attempt",
  },
  { option: "roleCostBudget", scope: "role", unit: "usd", about: "the same in dollars" },
  { option: "roleMinutesBudget", scope: "role", unit: "minutes", about: "the same in minutes" },
] as const;

type SingleKey = (typeof SINGLE)[number]["option"];
type NamedKey = (typeof NAMED)[number]["option"];

/** The budget options as the command line had them; an option that was not given is absent. */
export type BudgetOptions = Readonly<Partial<Record<SingleKey, string>>> &
  /** Once per time that the option was given. */
  Readonly<Partial<Record<NamedKey, readonly string[]>>> & {
    readonly period?: string;
    readonly budgetParameterType?: string;
    readonly budgetBasis?: string;
    readonly budgetEnforcementMode?: string;
    readonly budgetCut?: string;
    readonly disableBudgetVisuals?: boolean;
  };

/** By which option and which variable a limit comes. */
interface Door<Key extends keyof BudgetOptions, Scope extends BudgetScope> {
  readonly option: Key;
  readonly flag: string;
  readonly variable: string;
  readonly scope: Scope;
  readonly unit: BudgetUnit;
  /** For the help of the command line. */
  readonly about: string;
}

export const LIMIT_DOORS: readonly Door<SingleKey, "overall" | "window" | "period">[] = SINGLE.map(
  (door) => ({ ...door, flag: flagOf(door.option), variable: variableOf(door.option) }),
);

/** A variable holds several of them, joined by commas. */
export const NAMED_DOORS: readonly Door<NamedKey, "command" | "role">[] = NAMED.map((door) => ({
  ...door,
  flag: flagOf(door.option),
  variable: `${variableOf(door.option)}S`,
}));

/** What gives a limit on the command line, e.g. `--command-budget /implement=40000`. */
export function optionFor(
  { scope, name, unit }: Pick<SomeLimit, "scope" | "name" | "unit">,
  amount: number | "unlimited",
): string {
  const isThis = (door: SomeDoor) => door.scope === scope && door.unit === unit;
  const single = LIMIT_DOORS.find(isThis);
  if (single !== undefined) return `${single.flag} ${amount}`;
  return `${NAMED_DOORS.find(isThis)?.flag ?? ""} ${quoted(`${name}=${amount}`)}`;
}

type SomeDoor = Pick<Door<keyof BudgetOptions, BudgetScope>, "scope" | "unit">;

interface SomeLimit extends SomeDoor {
  readonly name: string;
}

/** As a shell takes it, where it has blanks. */
function quoted(text: string): string {
  return /^[\w/=.-]+$/u.test(text) ? text : `'${text}'`;
}

/** `--overall-token-budget` of `overallTokenBudget`. */
function flagOf(option: string): string {
  return `--${wordsOf(option).join("-")}`;
}

/** `COUNTERBALANCE_OVERALL_TOKEN_BUDGET` of the same. */
function variableOf(option: string): string {
  return ["counterbalance", ...wordsOf(option)].join("_").toUpperCase();
}

function wordsOf(option: string): readonly string[] {
  return option
    .replaceAll(/[A-Z]/gu, (letter) => ` ${letter}`)
    .toLowerCase()
    .split(" ");
}
