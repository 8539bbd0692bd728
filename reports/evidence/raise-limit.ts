import { sum } from "simple-statistics";

import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { type BudgetFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "./evidence.ts";
import type { WindowLine } from "./observe-windows.ts";
import { matchedSetKey } from "./registration.ts";

/** A limit with which the open windows have room. */
export interface RaisedLimit {
  readonly scope: "overall" | "period";
  readonly unit: BudgetUnit;
  readonly limit: number;
}

type Known = Pick<Evidence, "view" | "registration" | "windows">;

/** The limit that ended the last session, raised; null if another reason ended it. */
export function raiseLimit(known: Known): RaisedLimit | null {
  const { view, windows } = known;
  const closing = latestOf(view.closings.values());
  const session = latestOf(view.sessions.values());
  if (closing?.reason !== "budget" || closing.session_id !== session?.session_id) return null;
  const refused = latestOf([...view.budgetEvents.values()].flatMap(stopOf));
  if (refused === undefined) return null;
  const { used, limit, requested, scope, unit } = refused;
  const open = windows.map(({ line }) => line).filter(({ state }) => state === "not_run");
  const needs = windowNeeds(refused, open, known);
  // Windows of a rolling period start one after the other.
  const needed =
    scope === "period" ? Math.max(requested, ...needs) : used + MARGIN * sum([0, ...needs]);
  const least = Math.max(needed, scope === "period" ? requested : used + requested);
  return { scope, unit, limit: roundUp(least > limit ? least : 2 * limit) };
}

type Stop = BudgetFact & NonNullable<BudgetFact["refusal"]> & Pick<RaisedLimit, "scope">;

/** Other budgets end a window and not the session. */
function stopOf(fact: BudgetFact): readonly Stop[] {
  const { refusal } = fact;
  if (refusal === undefined) return [];
  const { scope } = refusal;
  return scope === "overall" || scope === "period" ? [{ ...fact, ...refusal, scope }] : [];
}

/** A window's last request may take more than is left. */
const MARGIN = 1.25;
/** For a window of which nothing is known. */
const SOME = { tokens: 100_000, usd: 1, minutes: 10 } as const;
/** A window without a bound asks for so little. */
const SMALLEST = { tokens: 1, usd: 1e-9, minutes: 1 / 60_000 } as const;

/** What each open window may take: by what was asked for the refused ones, otherwise as the ones before. */
function windowNeeds(
  refused: Stop,
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
function askedTogether({ scope }: Stop, own: WindowLine, open: readonly WindowLine[]): number {
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
