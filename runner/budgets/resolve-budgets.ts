import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { BudgetLimit, BudgetLimits } from "./budget-limits.ts";
import { BudgetTextError } from "./budget-text-error.ts";
import { BudgetCut, type BudgetsFile, EnforcementMode, ParameterType } from "./budgets-file.ts";
import { type BudgetOptions, SINGLE_LIMIT_OPTIONS, NAMED_LIMIT_OPTIONS } from "./limit-options.ts";
import { parseDuration } from "./parse-duration.ts";
import { type GivenLimit, type GivenNone, resolveLimits } from "./resolve-limits.ts";

export interface BudgetSources {
  readonly options: BudgetOptions;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly file: BudgetsFile | undefined;
  /** The name in the origin, e.g. `experiment.yaml`; null for the built-in rehearsal. */
  readonly fileName: string | null;
}

/** A value and its origin, e.g. `environment COUNTERBALANCE_BUDGET_BASIS`. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly origin: string;
}

/** A limit, and whether it holds: a limit of tokens does not if only dollars count. */
export interface SourcedLimit extends GivenLimit {
  readonly isHeld: boolean;
}

/** All given limits with their origins. */
export interface ResolvedBudgets {
  readonly mode: Sourced<EnforcementMode>;
  readonly basis: Sourced<TokenBasis>;
  readonly parameterType: Sourced<ParameterType>;
  readonly cut: Sourced<BudgetCut>;
  readonly hasVisuals: Sourced<boolean>;
  /** The length of the rolling period, ms; null if there is none. */
  readonly periodMs: Sourced<number | null>;
  /** Anything not in this list is unlimited. */
  readonly limits: readonly SourcedLimit[];
  /** Budgets that were explicitly set to unlimited. */
  readonly unlimited: readonly GivenNone[];
}

/** The origin of options. */
const COMMAND_LINE = "command line";
const DEFAULT = "default";

/** Variables besides those of limits. */
const VARIABLES = {
  parameterType: "COUNTERBALANCE_BUDGET_PARAMETER_TYPE",
  period: "COUNTERBALANCE_PERIOD",
  mode: "COUNTERBALANCE_BUDGET_ENFORCEMENT_MODE",
  basis: "COUNTERBALANCE_BUDGET_BASIS",
  cut: "COUNTERBALANCE_BUDGET_CUT",
  visuals: "COUNTERBALANCE_DISABLE_BUDGET_VISUALS",
} as const;

const BUDGET_VARIABLE = /^COUNTERBALANCE_.*(?:BUDGET|PERIOD)/u;

/**
 * Joins command line, environment, file and defaults. For each limit, the first of these sources wins. A
 * given value wins over later sources even if it equals the default.
 * @throws BudgetTextError naming the option or variable that can't be read or is incomplete. That
 * includes an empty variable: reading it as "no limit" would silently drop a cap.
 */
export function resolveBudgets(sources: BudgetSources): ResolvedBudgets {
  const { options, variables, file } = sources;
  refuseUnknownVariables(variables, Object.values(VARIABLES));
  const fromFile = sources.fileName === null ? "rehearsal" : `file ${sources.fileName}`;
  const choose = chooserOf(sources, fromFile);
  const parameterType = choose<ParameterType>({
    option: options.budgetParameterType,
    flag: "--budget-parameter-type",
    variable: VARIABLES.parameterType,
    read: readChoice(ParameterType.options),
    inFile: file?.parameter_type,
    otherwise: "mixed",
  });
  const periodMs = choose<number | null>({
    option: options.period,
    flag: "--period",
    variable: VARIABLES.period,
    read: parseDuration,
    inFile: file?.period?.every === undefined ? undefined : parseDuration(file.period.every, ""),
    otherwise: null,
  });
  const said = resolveLimits({ options, variables, file, fromFile, commandLine: COMMAND_LINE });
  const { limits: given, unlimited } = said;
  refuseHalfPeriod(periodMs, said);
  refuseNoneHeld(parameterType, given);
  const limits = given.map((one) => ({ ...one, isHeld: holds(one, parameterType.value) }));
  return {
    ...chooseManner(sources, choose),
    parameterType,
    periodMs,
    limits,
    unlimited,
  };
}

/** Chooses how budgets count and what happens when they are spent. */
function chooseManner(
  { options, file }: BudgetSources,
  choose: ReturnType<typeof chooserOf>,
): Omit<ResolvedBudgets, "parameterType" | "periodMs" | "limits" | "unlimited"> {
  return {
    mode: choose<EnforcementMode>({
      option: options.budgetEnforcementMode,
      flag: "--budget-enforcement-mode",
      variable: VARIABLES.mode,
      read: readChoice(EnforcementMode.options),
      inFile: file?.mode,
      otherwise: "block",
    }),
    basis: choose<TokenBasis>({
      option: options.budgetBasis,
      flag: "--budget-basis",
      variable: VARIABLES.basis,
      read: readChoice(TokenBasis.options),
      inFile: file?.basis,
      otherwise: "uncached",
    }),
    cut: choose<BudgetCut>({
      option: options.budgetCut,
      flag: "--budget-cut",
      variable: VARIABLES.cut,
      read: readChoice(BudgetCut.options),
      inFile: file?.cut,
      otherwise: "none",
    }),
    hasVisuals: choose<boolean>({
      option: options.disableBudgetVisuals === undefined ? undefined : "true",
      flag: "--disable-budget-visuals",
      variable: VARIABLES.visuals,
      read: (text, name) => readChoice(["true", "false"])(text, name) === "false",
      inFile: file?.visuals,
      otherwise: true,
    }),
  };
}

/** Returns the limits that hold, for the budget book. */
export function toLimits(budgets: ResolvedBudgets): BudgetLimits {
  return {
    mode: budgets.mode.value,
    basis: budgets.basis.value,
    limits: budgets.limits
      .filter(({ isHeld }) => isHeld)
      .map(({ scope, name, unit, limit }) => ({ scope, name, unit, limit })),
    periodMs: budgets.periodMs.value,
    cut: budgets.cut.value,
  };
}

function holds({ unit }: BudgetLimit, type: ParameterType): boolean {
  return unit === "minutes" || type === "mixed" || (unit === "tokens") === (type === "tokens");
}

interface Choice<Value> {
  readonly option: string | undefined;
  readonly flag: string;
  readonly variable: string;
  readonly read: (text: string, name: string) => Value;
  readonly inFile: Value | undefined;
  readonly otherwise: Value;
}

/** Reads every source, even one that loses. */
function chooserOf({ variables }: BudgetSources, fromFile: string) {
  return function choose<Value>(choice: Choice<Value>): Sourced<Value> {
    const { option, flag, variable, read, inFile, otherwise } = choice;
    const text = variables[variable];
    const given: readonly (Sourced<Value> | null)[] = [
      option === undefined ? null : { value: read(option, flag), origin: COMMAND_LINE },
      text === undefined
        ? null
        : { value: read(text, variable), origin: `environment ${variable}` },
      inFile === undefined ? null : { value: inFile, origin: fromFile },
    ];
    return given.find((one) => one !== null) ?? { value: otherwise, origin: DEFAULT };
  };
}

function refuseHalfPeriod(
  { value, origin }: Sourced<number | null>,
  { limits, unlimited }: ReturnType<typeof resolveLimits>,
): void {
  const limit = limits.find(({ scope }) => scope === "period");
  if (limit !== undefined && value === null) {
    throw new BudgetTextError(
      `${limit.givenBy}: expected the length of the period too, got none. Write e.g. --period 5h.`,
    );
  }
  const isDropped = unlimited.some(({ scope }) => scope === "period");
  if (limit === undefined && value !== null && !isDropped) {
    const givenBy = origin === COMMAND_LINE ? "--period" : origin;
    throw new BudgetTextError(
      `${givenBy}: expected a budget for the period, got none. Write e.g. --period-token-budget 500000.`,
    );
  }
}

/** If only tokens are limited and only dollars hold, there would be no cap at all. */
function refuseNoneHeld(
  { value, origin }: Sourced<ParameterType>,
  given: readonly GivenLimit[],
): void {
  const [lost] = given;
  if (lost === undefined || given.some((limit) => holds(limit, value))) return;
  const givenBy = origin === COMMAND_LINE ? "--budget-parameter-type" : origin;
  const [kind, other] = value === "cost" ? ["dollars", "tokens"] : ["tokens", "dollars"];
  throw new BudgetTextError(
    `${givenBy}: expected a limit of ${kind} for "${value}", got limits of ${other} only (${lost.givenBy}). Write mixed, or add a limit of ${kind}.`,
  );
}

function readChoice<Value extends string>(choices: readonly Value[]) {
  return (text: string, name: string): Value => {
    const choice = choices.find((candidate) => candidate === text.trim());
    if (choice !== undefined) return choice;
    const listed = `${choices.slice(0, -1).join(", ")} or ${String(choices.at(-1))}`;
    const which = choices.length === 2 ? "the two" : "them";
    throw new BudgetTextError(
      `${name}: expected ${listed}, got ${JSON.stringify(text)}. Write one of ${which}.`,
    );
  };
}

/**
 * Refuses a variable with an unknown name, because its budget would silently not exist.
 * @param known variables besides those of limits.
 * @throws BudgetTextError naming the variable and the known ones.
 */
function refuseUnknownVariables(
  variables: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): void {
  const limits = [...SINGLE_LIMIT_OPTIONS, ...NAMED_LIMIT_OPTIONS].map(({ variable }) => variable);
  const read = new Set([...limits, ...known]);
  const unknown = Object.keys(variables).find(
    (name) => variables[name] !== undefined && BUDGET_VARIABLE.test(name) && !read.has(name),
  );
  if (unknown === undefined) return;
  throw new BudgetTextError(
    `environment ${unknown}: expected the name of a budget, got an unknown name. Write one of ${[...read].toSorted().join(", ")}, or unset the variable.`,
  );
}
