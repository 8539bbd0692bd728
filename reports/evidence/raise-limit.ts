import { sum } from "simple-statistics";

import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { type BudgetFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "./evidence.ts";
import type { WindowLine } from "./observe-windows.ts";
import { matchedSetKey } from "./registration.ts";

/** A limit with which the open windows have room. */
export interface RaisedLimit {
  readonly scope: Refused["scope"];
  /** A command or a role; null if the scope has one limit. */
  readonly name: string | null;
  readonly unit: BudgetUnit;
  readonly limit: number;
}

type Known = Pick<Evidence, "view" | "registration" | "windows">;
type Refused = BudgetFact & NonNullable<BudgetFact["refusal"]>;

/** The limit that ended the last session or left windows without a request, raised; null without one. */
export function raiseLimit(known: Known): RaisedLimit | null {
  const { view } = known;
  const refusals = [...view.budgetEvents.values()].flatMap((fact) =>
    fact.refusal === undefined ? [] : [{ ...fact, ...fact.refusal }],
  );
  return endedByBudget(known) ? raiseForSession(refusals, known) : raiseForWindows(refusals, known);
}

/** The model whose missing price ended the last session; null if it ended otherwise. */
export function findUnpricedModel(known: Pick<Known, "view">): string | null {
  const events = [...known.view.budgetEvents.values()];
  const refused = latestOf(events.filter(({ event }) => event === "refused"));
  return endedByBudget(known) ? (refused?.unpriced_model ?? null) : null;
}

function endedByBudget({ view }: Pick<Known, "view">): boolean {
  const closing = latestOf(view.closings.values());
  const session = latestOf(view.sessions.values());
  return closing?.reason === "budget" && closing.session_id === session?.session_id;
}

/** Other budgets end a window and not the session. */
function endsSession({ scope }: Refused): boolean {
  return scope === "overall" || scope === "period";
}

function raiseForSession(refusals: readonly Refused[], known: Known): RaisedLimit | null {
  const refused = latestOf(refusals.filter(endsSession));
  if (refused === undefined) return null;
  const { used, limit, requested, scope, unit } = refused;
  const open = known.windows.map(({ line }) => line).filter(({ state }) => state === "not_run");
  const needs = windowNeeds(refused, open, known);
  // Windows of a rolling period start one after the other.
  const needed =
    scope === "period" ? Math.max(requested, ...needs) : used + MARGIN * sum([0, ...needs]);
  const least = Math.max(needed, scope === "period" ? requested : used + requested);
  return { scope, name: null, unit, limit: roundUp(least > limit ? least : 2 * limit) };
}

/** A task's own bound on tokens is more than any of its windows needs. */
function raiseForWindows(
  refusals: readonly Refused[],
  { registration, windows }: Known,
): RaisedLimit | null {
  const unspent = windows.filter(({ final }) => final?.outcome === "no_spend");
  const ids = new Set(unspent.map(({ line }) => line.window));
  const refused = latestOf(refusals.filter((one) => !endsSession(one) && ids.has(one.window)));
  if (refused === undefined) return null;
  const { scope, unit, budget, used, limit, requested } = refused;
  const caps = registration.tasks.map(({ tokens_max: cap }) => (unit === "tokens" ? cap : null));
  const least = Math.max(2 * limit, used + requested, ...caps.map((cap) => cap ?? 0));
  const name = scope === "window" ? null : budget;
  return { scope, name, unit, limit: roundUp(least) };
}

/** A window's last request may take more than is left. */
const MARGIN = 1.25;
/** For a window about which nothing is known. */
const SOME = { tokens: 100_000, usd: 1, minutes: 10 } as const;
/** A window without a bound asks for so little. */
const SMALLEST = { tokens: 1, usd: 1e-9, minutes: 1 / 60_000 } as const;

/** What each open window may take: by what was asked for the refused ones, otherwise as the ones before. */
function windowNeeds(
  refused: Refused,
  open: readonly WindowLine[],
  { registration, windows }: Known,
): readonly number[] {
  const { unit, used, limit, requested, window } = refused;
  const caps = new Map(registration.tasks.map(({ id, tokens_max }) => [id, tokens_max]));
  const capOf = ({ feature_id }: WindowLine) =>
    unit === "tokens" ? (caps.get(feature_id) ?? null) : null;
  const own = open.find((line) => line.window === window);
  // Otherwise a request was refused, whose window wants more than that.
  if (own?.attempts === 0 && requested > SMALLEST[unit]) {
    const each = requested / askedTogether(refused, own, open);
    const cap = capOf(own) ?? 1;
    return open.map((line) => (each * (capOf(line) ?? cap)) / cap);
  }
  const ended = windows.length - open.length;
  const typical = ended > 0 && used > 0 ? (2 * used) / ended : limit || SOME[unit];
  return open.map((line) => capOf(line) ?? typical);
}

/** An overall budget is asked for all open windows of a set, and a period's for one. */
function askedTogether({ scope }: Refused, own: WindowLine, open: readonly WindowLine[]): number {
  const key = matchedSetKey(own);
  return scope === "period" ? 1 : open.filter((line) => matchedSetKey(line) === key).length;
}

/** To two digits, as people write a budget. */
function roundUp(amount: number): number {
  const rounded = Number(amount.toPrecision(2));
  if (rounded >= amount) return rounded;
  const step = 10 ** (Math.floor(Math.log10(amount)) - 1);
  return Number((rounded + step).toPrecision(2));
}
