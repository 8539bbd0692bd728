import { sum } from "simple-statistics";

import { type BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import { type BudgetFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { attemptsOf, tokensSpent } from "../../ledger/views/progress.ts";
import type { AttemptView } from "../../ledger/views/window-view.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import type { BudgetLine, Budgets } from "./budget-data.ts";
import {
  type BudgetRows,
  type BudgetSums,
  NOTHING,
  plus,
  sumBudgets,
  type UnitAmounts,
} from "./sum-budgets.ts";

/** The limits of the last session, and their use over all sessions. */
export function describeBudgetUse(evidence: Evidence, source: BudgetRows): Budgets {
  const { view, settings, asked } = evidence;
  const { mode, basis: chosen, overall } = settings.budgets;
  const basis = chosen?.value ?? asked.token_basis;
  const attempts = [...view.windows.values()].flatMap(attemptsOf).map(sumDebits);
  const all = {
    limit: overall?.value ?? null,
    origin: overall?.origin ?? null,
    used: tokensSpent(view, basis) + view.unsettledTokens,
  };
  const commands = describeCommands(attempts, settings.budgets.commands);
  const sums = sumOf(evidence, source);
  return {
    mode: mode?.value ?? null,
    basis,
    overall: all,
    unsettled: view.unsettledTokens,
    overshoot: sum(attempts.map(({ overshoot }) => overshoot)),
    commands,
    lines: listBudgetLines(evidence, {
      overall: all,
      commands,
      sums,
      nowMs: source.nowMs ?? sums.lastMs,
    }),
    burn: describeBurn(sums),
    period_ms: settings.budgets.period_ms?.value ?? null,
    has_visuals: settings.budgets.has_visuals,
    events: countEvents(view),
    // Use is the sum over all windows.
    touched_by: joinNumbers([
      evidence.affected.ofFile("budgets"),
      ...evidence.windows.map(({ line }) => line.touched_by),
    ]),
  };
}

/** The debits of one attempt: there are too many to unpack those of all attempts at once. */
function sumDebits({ debits }: AttemptView) {
  return {
    overshoot: sum(debits.map(({ overshoot }) => overshoot)),
    commands: groupSorted(debits, ({ command }) => command).map(([command, own]) => ({
      command,
      tokens: sum(own.map(({ delta }) => delta)),
    })),
  };
}

/** Use by base command over its attempts, according to their debits; and the limits of the session. */
function describeCommands(
  attempts: readonly ReturnType<typeof sumDebits>[],
  limits: Evidence["settings"]["budgets"]["commands"],
): Budgets["commands"] {
  const spent = attempts.flatMap(({ commands }) => commands);
  const byCommand = Map.groupBy(spent, ({ command }) => command);
  const names = new Set([...byCommand.keys(), ...Object.keys(limits)]);
  return [...names].toSorted().map((command) => {
    const own = byCommand.get(command) ?? [];
    const { value: limit = null, origin = null } = limits[command] ?? {};
    return { command, limit, origin, ...byAttempt(own.map(({ tokens }) => tokens)) };
  });
}

function countEvents(view: ExperimentView): Budgets["events"] {
  return groupSorted(view.budgetEvents.values(), ({ budget }) => budget).map(([budget, events]) => {
    const count = (event: BudgetFact["event"]) =>
      events.filter((fact) => fact.event === event).length;
    const [warned, refused, breached] = [count("warned"), count("refused"), count("breached")];
    return { budget, warned, refused, breached };
  });
}

type Limits = NonNullable<Evidence["settings"]["budgets"]["limits"]>;
type Owner = Pick<BudgetLine, "scope" | "name">;
type Used = Pick<BudgetLine, "used" | "total" | "attempts">;

const HOUR_MS = 3_600_000;
const OVERALL: Owner = { scope: "overall", name: "overall" };
const PERIOD: Owner = { scope: "period", name: "period" };
const WINDOW: Owner = { scope: "window", name: "window" };

type Counted = Pick<Budgets, "overall" | "commands"> & {
  readonly sums: BudgetSums;
  /** The end of the rolling period. */
  readonly nowMs: number;
};

function sumOf({ view, settings }: Evidence, { read, remembered }: BudgetRows): BudgetSums {
  const opened = latestOf(view.sessions.values());
  const { experimentId } = view;
  const periodMs = settings.budgets.period_ms?.value ?? null;
  const sessionFromMs = opened === undefined ? null : epochMsOf(opened.recorded_at);
  const key = JSON.stringify([experimentId, periodMs, sessionFromMs]);
  // The view has an anomaly with the hash of each row that has the id of another row.
  const isCounted = (h: string) => !view.anomalies.has(h);
  const sums =
    remembered?.get(key) ?? sumBudgets(read, { experimentId, periodMs, sessionFromMs, isCounted });
  remembered?.set(key, sums);
  return sums;
}

const BURN_POINTS_MAX = 400;

/** Use by all attempts that ended until then. A long run is thinned to evenly spaced moments and the last. */
function describeBurn({ attempts }: BudgetSums): Budgets["burn"] {
  const ended = attempts.toSorted((left, right) => left.atMs - right.atMs);
  const every = Math.ceil(ended.length / BURN_POINTS_MAX);
  let used = NOTHING;
  return ended.flatMap(({ atMs, taken }, index) => {
    used = plus(used, taken);
    const isKept = index % every === 0 || index === ended.length - 1;
    return isKept ? [{ at_ms: atMs - (ended[0]?.atMs ?? 0), ...used }] : [];
  });
}

/**
 * Every budget in every unit that was limited or used. Tokens over all and by command are always listed.
 * The order is: over all, the period, commands, roles, windows.
 */
function listBudgetLines(
  { settings }: Evidence,
  { overall, commands, sums, nowMs }: Counted,
): readonly BudgetLine[] {
  const limits = limitsOf(settings.budgets);
  const fromMs = nowMs - (settings.budgets.period_ms?.value ?? 0);
  const inPeriod = takenIn(sums.recent.filter(({ atMs }) => atMs > fromMs));
  const all = takenIn(sums.attempts);
  const tokensOf = new Map(commands.map((one) => [one.command, one]));

  function usedBy({ scope, name }: Owner, unit: BudgetUnit): Used {
    if (scope === "overall") return shared(unit === "tokens" ? overall.used : all[unit]);
    if (scope === "period") return shared(inPeriod[unit]);
    // The view gives the tokens of commands, because it also knows corrected rows.
    if (scope === "command" && unit === "tokens") return tokensOf.get(name) ?? NONE;
    const own =
      scope === "window" ? sums.attempts : sums.attempts.filter((one) => one[scope] === name);
    return byAttempt(own.map(({ taken }) => taken[unit]));
  }

  const roles = sums.attempts.map(({ role }) => role).filter((role) => role !== null);
  const owners = [
    OVERALL,
    PERIOD,
    ...ownersOf("command", limits, [...tokensOf.keys()]),
    ...ownersOf("role", limits, roles),
    WINDOW,
  ];
  return owners.flatMap((owner) =>
    BudgetUnit.options.flatMap((unit) =>
      toLine({ ...owner, unit, ...usedBy(owner, unit) }, { limits, sums }),
    ),
  );
}

const NONE: Used = { used: 0, total: 0, attempts: 0 };

/** Rows of versions that knew only tokens have no list. */
function limitsOf({ limits, overall, commands }: Evidence["settings"]["budgets"]): Limits {
  if (limits !== null) return limits.filter(({ is_held }) => is_held);
  const held = { unit: "tokens", is_held: true } as const;
  return [
    ...(typeof overall?.value === "number"
      ? [{ ...OVERALL, ...held, limit: overall.value, origin: overall.origin }]
      : []),
    ...Object.entries(commands).map(([name, { value: limit, origin }]) => ({
      scope: "command" as const,
      name,
      ...held,
      limit,
      origin,
    })),
  ];
}

/** Leaves out units that were neither limited nor used, and a period or windows without a limit. */
function toLine(
  { scope, name, unit, used, total, attempts }: Owner & Used & { readonly unit: BudgetUnit },
  { limits, sums }: { readonly limits: Limits; readonly sums: BudgetSums },
): readonly BudgetLine[] {
  const found = limits.find((one) => one.scope === scope && one.name === name && one.unit === unit);
  if (found === undefined && !isListedUnlimited({ scope, unit, used })) return [];
  const { limit, origin } = found ?? { limit: null, origin: null };
  const pace_per_hour = attempts === null ? paceOf(sums, unit) : null;
  return [{ scope, name, unit, limit, origin, used, total, attempts, pace_per_hour }];
}

type Listed = Pick<BudgetLine, "scope" | "unit" | "used">;

function isListedUnlimited({ scope, unit, used }: Listed): boolean {
  if (scope === "period" || scope === "window") return false;
  return used > 0 || (unit === "tokens" && scope !== "role");
}

function shared(used: number): Used {
  return { used, total: used, attempts: null };
}

/** The amounts that attempts took. The most expensive one is compared with a limit. */
function byAttempt(amounts: readonly number[]) {
  return { used: Math.max(0, ...amounts), total: sum([...amounts]), attempts: amounts.length };
}

function ownersOf(scope: BudgetScope, limits: Limits, seen: readonly string[]): readonly Owner[] {
  const limited = limits.filter((one) => one.scope === scope).map(({ name }) => name);
  return [...new Set([...seen, ...limited])].toSorted().map((name) => ({ scope, name }));
}

function takenIn(movements: readonly { readonly taken: UnitAmounts }[]): UnitAmounts {
  return movements.map(({ taken }) => taken).reduce(plus, NOTHING);
}

function paceOf({ session }: BudgetSums, unit: BudgetUnit): number | null {
  const { taken, spanMs } = session;
  return spanMs <= 0 || taken[unit] === 0 ? null : (taken[unit] / spanMs) * HOUR_MS;
}
