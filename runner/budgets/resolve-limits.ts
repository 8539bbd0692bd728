import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { type BudgetOptions, LIMIT_DOORS, NAMED_DOORS } from "./budget-doors.ts";
import type { BudgetLimit } from "./budget-limits.ts";
import { BUDGET_UNITS } from "./budget-unit.ts";
import type { BudgetsFile } from "./budgets-file.ts";
import { parseAmount } from "./parse-amount.ts";
import { parseNamedBudgets, toOwner } from "./parse-budget.ts";

/** What was said of a limit, and where; null: that there is none. */
interface Said extends Omit<BudgetLimit, "limit"> {
  readonly limit: number | null;
  /** E.g. `environment COUNTERBALANCE_PERIOD_TOKEN_BUDGET`. */
  readonly origin: string;
  /** The option, variable or field that it came by. */
  readonly door: string;
}

/** A limit with what a user needs to find it again. */
export type GivenLimit = BudgetLimit & Said;

/** Something that is without a limit because somebody said so. */
export type GivenNone = Omit<Said, "limit"> & { readonly limit: null };

export interface LimitSources {
  readonly options: BudgetOptions;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly file: BudgetsFile | undefined;
  /** Origins, as they are shown. */
  readonly fromFile: string;
  readonly commandLine: string;
}

/**
 * Every limit that was given: of several for the same, the one from the nearest source. All sources
 * are read, also one that loses, so that a mistake in it does not lie in wait.
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
  const single = LIMIT_DOORS.flatMap(({ option, flag: door, scope, unit }) => {
    const text = options[option];
    if (text === undefined) return [];
    const limit = parseAmount(text, { name: door, unit });
    return [{ scope, name: scope, unit, limit, origin, door }];
  });
  const named = NAMED_DOORS.flatMap(({ option, flag: door, scope, unit }) => {
    const limits = parseNamedBudgets(options[option] ?? [], { name: door, scope, unit });
    return [...limits].map(([name, limit]) => ({ scope, name, unit, limit, origin, door }));
  });
  return [...single, ...named];
}

function fromVariables({ variables }: LimitSources): readonly Said[] {
  const single = LIMIT_DOORS.flatMap(({ variable: door, scope, unit }) => {
    const text = variables[door];
    if (text === undefined) return [];
    const limit = parseAmount(text, { name: door, unit });
    return [{ scope, name: scope, unit, limit, origin: `environment ${door}`, door }];
  });
  const named = NAMED_DOORS.flatMap(({ variable: door, scope, unit }) => {
    const text = variables[door];
    const texts = text === undefined ? [] : text.split(",");
    const origin = `environment ${door}`;
    const limits = parseNamedBudgets(texts, { name: door, scope, unit });
    return [...limits].map(([name, limit]) => ({ scope, name, unit, limit, origin, door }));
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
      const door = `${origin}: budgets.${scope}.${unit}`;
      return limit === undefined ? [] : [{ scope, name, unit, limit, origin, door }];
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
