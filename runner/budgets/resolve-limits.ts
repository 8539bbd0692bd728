import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { BudgetLimit } from "./budget-limits.ts";
import { BUDGET_UNITS } from "./budget-unit.ts";
import type { BudgetsFile } from "./budgets-file.ts";
import { type BudgetOptions, SINGLE_LIMIT_OPTIONS, NAMED_LIMIT_OPTIONS } from "./limit-options.ts";
import { parseAmount, parseNamedBudgets, toOwner } from "./parse-budget.ts";

/** A limit as it was given, and where; a limit of null means unlimited. */
interface Said extends Omit<BudgetLimit, "limit"> {
  readonly limit: number | null;
  /** E.g. `environment COUNTERBALANCE_PERIOD_TOKEN_BUDGET`. */
  readonly origin: string;
  /** The option, variable or field that gave it. */
  readonly givenBy: string;
}

/** A limit and the place where the user gave it. */
export type GivenLimit = BudgetLimit & Said;

/** A budget that was explicitly set to unlimited. */
export type GivenNone = Omit<Said, "limit"> & { readonly limit: null };

export interface LimitSources {
  readonly options: BudgetOptions;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly file: BudgetsFile | undefined;
  /** Names of the origins. */
  readonly fromFile: string;
  readonly commandLine: string;
}

/**
 * Collects all given limits. If several sources limit the same budget, the nearest one wins. All sources
 * are read, even one that loses, so that a mistake in it shows at once.
 * @throws BudgetTextError naming the option or variable that can't be read.
 */
export function resolveLimits(sources: LimitSources): {
  readonly limits: readonly GivenLimit[];
  readonly unlimited: readonly GivenNone[];
} {
  const given = [...fromOptions(sources), ...fromVariables(sources), ...fromFile(sources)];
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

function fromOptions({ options, commandLine: origin }: LimitSources): readonly Said[] {
  const single = SINGLE_LIMIT_OPTIONS.flatMap(({ option, flag: givenBy, scope, unit }) => {
    const text = options[option];
    if (text === undefined) return [];
    const limit = parseAmount(text, { name: givenBy, unit });
    return [{ scope, name: scope, unit, limit, origin, givenBy }];
  });
  const named = NAMED_LIMIT_OPTIONS.flatMap(({ option, flag: givenBy, scope, unit }) => {
    const limits = parseNamedBudgets(options[option] ?? [], { name: givenBy, scope, unit });
    return [...limits].map(([name, limit]) => ({ scope, name, unit, limit, origin, givenBy }));
  });
  return [...single, ...named];
}

function fromVariables({ variables }: LimitSources): readonly Said[] {
  const single = SINGLE_LIMIT_OPTIONS.flatMap(({ variable: givenBy, scope, unit }) => {
    const text = variables[givenBy];
    if (text === undefined) return [];
    const limit = parseAmount(text, { name: givenBy, unit });
    return [{ scope, name: scope, unit, limit, origin: `environment ${givenBy}`, givenBy }];
  });
  const named = NAMED_LIMIT_OPTIONS.flatMap(({ variable: givenBy, scope, unit }) => {
    const text = variables[givenBy];
    const texts = text === undefined ? [] : text.split(",");
    const origin = `environment ${givenBy}`;
    const limits = parseNamedBudgets(texts, { name: givenBy, scope, unit });
    return [...limits].map(([name, limit]) => ({ scope, name, unit, limit, origin, givenBy }));
  });
  return [...single, ...named];
}

function fromFile({ file, fromFile: origin }: LimitSources): readonly Said[] {
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
