import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";

/** The budget options as the command line had them; an option that was not given is absent. */
export interface BudgetOptions {
  readonly overallTokenBudget?: string;
  readonly overallCostBudget?: string;
  readonly overallMinutesBudget?: string;
  readonly windowTokenBudget?: string;
  readonly periodTokenBudget?: string;
  readonly periodCostBudget?: string;
  readonly period?: string;
  /** These three once per time that the option was given. */
  readonly commandBudget?: readonly string[];
  readonly commandCostBudget?: readonly string[];
  readonly roleBudget?: readonly string[];
  readonly budgetParameterType?: string;
  readonly budgetBasis?: string;
  readonly budgetEnforcementMode?: string;
  readonly budgetCut?: string;
  readonly disableBudgetVisuals?: boolean;
}

/** By which option and which variable a limit comes. */
interface Door<Key extends keyof BudgetOptions, Scope extends BudgetScope> {
  readonly option: Key;
  readonly flag: string;
  readonly variable: string;
  readonly scope: Scope;
  readonly unit: BudgetUnit;
}

type LimitKey =
  | "overallTokenBudget"
  | "overallCostBudget"
  | "overallMinutesBudget"
  | "windowTokenBudget"
  | "periodTokenBudget"
  | "periodCostBudget";
type NamedKey = "commandBudget" | "commandCostBudget" | "roleBudget";

/** Limits that one option gives once. */
export const LIMIT_DOORS: readonly Door<LimitKey, "overall" | "window" | "period">[] = [
  {
    option: "overallTokenBudget",
    flag: "--overall-token-budget",
    variable: "COUNTERBALANCE_OVERALL_TOKEN_BUDGET",
    scope: "overall",
    unit: "tokens",
  },
  {
    option: "overallCostBudget",
    flag: "--overall-cost-budget",
    variable: "COUNTERBALANCE_OVERALL_COST_BUDGET",
    scope: "overall",
    unit: "usd",
  },
  {
    option: "overallMinutesBudget",
    flag: "--overall-minutes-budget",
    variable: "COUNTERBALANCE_OVERALL_MINUTES_BUDGET",
    scope: "overall",
    unit: "minutes",
  },
  {
    option: "windowTokenBudget",
    flag: "--window-token-budget",
    variable: "COUNTERBALANCE_WINDOW_TOKEN_BUDGET",
    scope: "window",
    unit: "tokens",
  },
  {
    option: "periodTokenBudget",
    flag: "--period-token-budget",
    variable: "COUNTERBALANCE_PERIOD_TOKEN_BUDGET",
    scope: "period",
    unit: "tokens",
  },
  {
    option: "periodCostBudget",
    flag: "--period-cost-budget",
    variable: "COUNTERBALANCE_PERIOD_COST_BUDGET",
    scope: "period",
    unit: "usd",
  },
];

/** Limits that name whose they are, and may be given several times. */
export const NAMED_DOORS: readonly Door<NamedKey, "command" | "role">[] = [
  {
    option: "commandBudget",
    flag: "--command-budget",
    variable: "COUNTERBALANCE_COMMAND_BUDGETS",
    scope: "command",
    unit: "tokens",
  },
  {
    option: "commandCostBudget",
    flag: "--command-cost-budget",
    variable: "COUNTERBALANCE_COMMAND_COST_BUDGETS",
    scope: "command",
    unit: "usd",
  },
  {
    option: "roleBudget",
    flag: "--role-budget",
    variable: "COUNTERBALANCE_ROLE_BUDGETS",
    scope: "role",
    unit: "tokens",
  },
];
