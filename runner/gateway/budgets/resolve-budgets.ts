import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../../ledger/domain/budget-event.ts";
import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import { TokenBasis } from "../../../ledger/domain/token-basis.ts";
import type { BudgetLimit, BudgetLimits } from "./budget-limits.ts";
import { BUDGET_UNITS } from "./budget-unit.ts";
import {
  BudgetCut,
  type BudgetsFile,
  EnforcementMode,
  OverallScope,
  ParameterType,
} from "./budgets-file.ts";
import {
  type BudgetOptions,
  NAMED_LIMIT_OPTIONS,
  namesOf,
  SINGLE_LIMIT_OPTIONS,
} from "./limit-options.ts";
import {
  BudgetTextError,
  parseAmount,
  parseDuration,
  parseNamedBudgets,
  toOwner,
} from "./parse-budget.ts";

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

const sourced = <Value extends z.ZodType>(value: Value) => z.object({ value, origin: z.string() });

const GIVEN = {
  scope: BudgetScope,
  name: z.string(),
  unit: BudgetUnit,
  /** E.g. `environment COUNTERBALANCE_PERIOD_TOKEN_BUDGET`. */
  origin: z.string(),
  /** The option, variable or field that gave it. */
  givenBy: z.string(),
};

/** A limit, and whether it holds: a limit of tokens does not if only dollars count. */
const SourcedLimit = z.object({ ...GIVEN, limit: z.number(), isHeld: z.boolean() });
export type SourcedLimit = z.infer<typeof SourcedLimit>;

/** A budget that was explicitly set to unlimited. */
const GivenNone = z.object({ ...GIVEN, limit: z.null() });

/** All given limits with their origins. */
export const ResolvedBudgets = z.object({
  mode: sourced(EnforcementMode),
  basis: sourced(TokenBasis),
  parameterType: sourced(ParameterType),
  cut: sourced(BudgetCut),
  overallScope: sourced(OverallScope),
  hasVisuals: sourced(z.boolean()),
  /** The length of the rolling period, ms; null if there is none. */
  periodMs: sourced(z.number().nullable()),
  /** Anything not in this list is unlimited. */
  limits: z.array(SourcedLimit).readonly(),
  /** Budgets that were explicitly set to unlimited. */
  unlimited: z.array(GivenNone).readonly(),
});
export type ResolvedBudgets = Readonly<z.infer<typeof ResolvedBudgets>>;

/** The origin of options. */
const COMMAND_LINE = "command line";
const DEFAULT = "default";

/** Options other than those of limits. */
const MANNERS = [
  "budgetParameterType",
  "period",
  "budgetEnforcementMode",
  "budgetBasis",
  "budgetCut",
  "overallBudgetScope",
  "disableBudgetVisuals",
] as const;
const BUDGET_VARIABLE = /^COUNTERBALANCE_.*(?:BUDGET|PERIOD)/u;

/**
 * Joins command line, environment, file and defaults. For each limit, the first of these sources wins. A
 * given value wins over later sources even if it equals the default.
 * @throws BudgetTextError naming the option or variable that can't be read or is incomplete. That
 * includes an empty variable: reading it as "no limit" would silently drop a cap.
 */
export function resolveBudgets(sources: BudgetSources): ResolvedBudgets {
  const { variables, file } = sources;
  refuseUnknownVariables(variables);
  const fileOrigin = sources.fileName === null ? "rehearsal" : `file ${sources.fileName}`;
  const choose = chooserOf(sources, fileOrigin);
  const every = file?.period?.every;
  const parameterType = choose<ParameterType>("budgetParameterType", {
    read: readChoice(ParameterType.options),
    inFile: file?.parameter_type,
    otherwise: "mixed",
  });
  const periodMs = choose<number | null>("period", {
    read: parseDuration,
    inFile: every === undefined ? undefined : parseDuration(every, ""),
    otherwise: null,
  });
  const said = resolveLimits(sources, fileOrigin);
  const { limits: given, unlimited } = said;
  refuseHalfPeriod(periodMs, said);
  refuseNoneHeld(parameterType, given);
  return {
    mode: choose("budgetEnforcementMode", {
      read: readChoice(EnforcementMode.options),
      inFile: file?.mode,
      otherwise: "block",
    }),
    basis: choose("budgetBasis", {
      read: readChoice(TokenBasis.options),
      inFile: file?.basis,
      otherwise: "uncached",
    }),
    cut: choose("budgetCut", {
      read: readChoice(BudgetCut.options),
      inFile: file?.cut,
      otherwise: "none",
    }),
    overallScope: choose("overallBudgetScope", {
      read: readChoice(OverallScope.options),
      inFile: file?.overall_scope,
      otherwise: "shared",
    }),
    hasVisuals: choose("disableBudgetVisuals", {
      read: (text, name) => readChoice(["true", "false"])(text, name) === "false",
      inFile: file?.visuals,
      otherwise: true,
    }),
    parameterType,
    periodMs,
    limits: given.map((one) => ({ ...one, isHeld: holds(one, parameterType.value) })),
    unlimited,
  };
}

/** Returns the limits that hold, for the budget book. */
export function toLimits(budgets: ResolvedBudgets): BudgetLimits {
  return {
    mode: budgets.mode.value,
    basis: budgets.basis.value,
    limits: budgets.limits.filter(({ isHeld }) => isHeld),
    periodMs: budgets.periodMs.value,
    cut: budgets.cut.value,
  };
}

function holds({ unit }: BudgetLimit, type: ParameterType): boolean {
  return unit === "minutes" || type === "mixed" || (unit === "tokens") === (type === "tokens");
}

interface Choice<Value> {
  readonly read: (text: string, name: string) => Value;
  readonly inFile: Value | undefined;
  readonly otherwise: Value;
}

/** Reads every source, even one that loses. */
function chooserOf({ options, variables }: BudgetSources, fileOrigin: string) {
  return function choose<Value>(
    name: (typeof MANNERS)[number],
    { read, inFile, otherwise }: Choice<Value>,
  ): Sourced<Value> {
    const { flag, variable } = namesOf(name);
    const option = options[name];
    const text = variables[variable];
    const given: readonly (Sourced<Value> | null)[] = [
      option === undefined ? null : { value: read(String(option), flag), origin: COMMAND_LINE },
      text === undefined
        ? null
        : { value: read(text, variable), origin: `environment ${variable}` },
      inFile === undefined ? null : { value: inFile, origin: fileOrigin },
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
      `${name}: expected ${listed}, got ${JSON.stringify(text)}.${sayMeant(text, choices)} Write one of ${which}.`,
    );
  };
}

/**
 * Refuses a variable with an unknown name, because its budget would silently not exist.
 * @throws BudgetTextError naming the variable and the known ones.
 */
function refuseUnknownVariables(variables: BudgetSources["variables"]): void {
  const named = [...SINGLE_LIMIT_OPTIONS, ...NAMED_LIMIT_OPTIONS, ...MANNERS.map(namesOf)];
  const read = new Set(named.map(({ variable }) => variable));
  const unknown = Object.keys(variables).find(
    (name) => variables[name] !== undefined && BUDGET_VARIABLE.test(name) && !read.has(name),
  );
  if (unknown === undefined) return;
  throw new BudgetTextError(
    `environment ${unknown}: expected the name of a budget, got an unknown name.${sayMeant(unknown, [...read])} Write one of ${[...read].toSorted().join(", ")}, or unset the variable.`,
  );
}

/** A limit and the place where the user gave it. */
type GivenLimit = Omit<SourcedLimit, "isHeld">;

/** A limit of null means unlimited. */
type Said = Omit<GivenLimit, "limit"> & { readonly limit: number | null };

/**
 * Collects all given limits. If several sources limit the same budget, the nearest one wins. All sources
 * are read, even one that loses, so that a mistake in it shows at once.
 * @throws BudgetTextError naming the option or variable that can't be read.
 */
function resolveLimits(sources: BudgetSources, fileOrigin: string) {
  const given = [
    ...fromTexts(sources, "flag"),
    ...fromTexts(sources, "variable"),
    ...fromFile(sources, fileOrigin),
  ];
  const nearest = new Map<string, Said>();
  for (const limit of given) {
    const key = JSON.stringify([limit.scope, limit.name, limit.unit]);
    if (!nearest.has(key)) nearest.set(key, limit);
  }
  const said = [...nearest.values()];
  return {
    limits: said.flatMap((one) => (one.limit === null ? [] : [{ ...one, limit: one.limit }])),
    unlimited: said.flatMap((one) => (one.limit === null ? [{ ...one, limit: null }] : [])),
  };
}

/** The limits of the command line or of the environment. */
function fromTexts({ options, variables }: BudgetSources, by: "flag" | "variable") {
  const originOf = (givenBy: string) => (by === "flag" ? COMMAND_LINE : `environment ${givenBy}`);
  const single = SINGLE_LIMIT_OPTIONS.flatMap(({ option, scope, unit, [by]: givenBy }) => {
    const text = by === "flag" ? options[option] : variables[givenBy];
    if (text === undefined) return [];
    const limit = parseAmount(text, { name: givenBy, unit });
    return [{ scope, name: scope, unit, limit, origin: originOf(givenBy), givenBy }];
  });
  const named = NAMED_LIMIT_OPTIONS.flatMap(({ option, scope, unit, [by]: givenBy }) => {
    const texts = by === "flag" ? options[option] : variables[givenBy]?.split(",");
    const limits = parseNamedBudgets(texts ?? [], { name: givenBy, scope, unit });
    const origin = originOf(givenBy);
    return [...limits].map(([name, limit]) => ({ scope, name, unit, limit, origin, givenBy }));
  });
  return [...single, ...named];
}

function fromFile({ file }: BudgetSources, origin: string): readonly Said[] {
  if (file === undefined) return [];
  const of = (
    { scope, name }: Pick<BudgetLimit, "scope" | "name">,
    limits: Readonly<Partial<Record<BudgetUnit, number | undefined>>> | undefined,
  ): readonly Said[] =>
    BUDGET_UNITS.flatMap((unit) => {
      const limit = limits?.[unit];
      const givenBy = `${origin}: budgets.${scope}.${unit}`;
      return limit === undefined ? [] : [{ scope, name, unit, limit, origin, givenBy }];
    });
  const named = (scope: "command" | "role", limits: BudgetsFile["commands"] = {}) =>
    Object.entries(limits).flatMap(([key, limit]) =>
      of({ scope, name: toOwner(scope, key) }, limit),
    );
  return [
    ...of({ scope: "overall", name: "overall" }, file.overall),
    ...of({ scope: "period", name: "period" }, periodOf(file)),
    ...named("command", file.commands),
    ...named("role", file.roles),
    ...of({ scope: "window", name: "window" }, file.window),
  ];
}

function periodOf({ period }: BudgetsFile) {
  return { tokens: period?.tokens, usd: period?.usd };
}
