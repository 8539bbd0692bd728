import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../../ledger/domain/budget-event.ts";
import type { BudgetLimit } from "./budget-limits.ts";
import { sayAmount } from "./budget-unit.ts";
import { optionFor } from "./limit-options.ts";
import { BudgetTextError } from "./parse-budget.ts";
import type { ResolvedBudgets, Sourced } from "./resolve-budgets.ts";

/**
 * Returns the budgets as a session's row keeps them: a list of all limits. The overall and command
 * limits of tokens are also in the fields that older versions read.
 */
export function describeBudgetSettings(budgets: ResolvedBudgets) {
  const tokens = tokenLimits(budgets);
  return {
    mode: budgets.mode,
    basis: budgets.basis,
    overall: tokens.overall,
    commands: tokens.commands,
    parameter_type: budgets.parameterType,
    cut: budgets.cut,
    ...(budgets.overallScope.value === "own" ? { overall_scope: budgets.overallScope } : {}),
    ...(budgets.hasVisuals.value ? {} : { has_visuals: false }),
    period_ms: budgets.periodMs,
    limits: budgets.limits.map(({ isHeld: is_held, givenBy: _givenBy, ...limit }) => ({
      ...limit,
      is_held,
    })),
  };
}

function tokenLimits({ limits }: ResolvedBudgets) {
  const held = limits.filter(({ unit, isHeld }) => unit === "tokens" && isHeld);
  const overall = held.find(({ scope }) => scope === "overall");
  const unlimited: Sourced<number | null> = { value: null, origin: "default" };
  return {
    overall: overall === undefined ? unlimited : { value: overall.limit, origin: overall.origin },
    commands: Object.fromEntries(
      held
        .filter(({ scope }) => scope === "command")
        .map(({ name, limit, origin }) => [name, { value: limit, origin }]),
    ),
  };
}

const KeptLimit = z.looseObject({
  scope: BudgetScope,
  name: z.string(),
  unit: BudgetUnit,
  limit: z.number(),
  origin: z.string(),
  is_held: z.boolean(),
});
const KeptManner = z.looseObject({ value: z.string(), origin: z.string() }).optional();
/** The budgets of an earlier session. Old sessions kept no list of limits. */
const Settings = z.looseObject({
  budgets: z.looseObject({
    basis: KeptManner,
    cut: KeptManner,
    limits: z.array(KeptLimit).default([]),
  }),
});
type KeptLimit = z.infer<typeof KeptLimit>;

/**
 * Refuses to continue an experiment with fewer limits than its last session had. A user who set a cap
 * and does not repeat it may think that it still holds, so it must be given again or dropped by name.
 * @param last the settings in the last session's row.
 * @throws BudgetTextError naming each cap, how to give it again and how to drop it.
 */
export function refuseDroppedLimits(last: unknown, now: ResolvedBudgets): void {
  const kept = Settings.safeParse(last).data?.budgets;
  if (kept === undefined) return;
  const said = new Set([...now.limits, ...now.unlimited].map((one) => keyOf(one)));
  const dropped = kept.limits.filter((one) => one.is_held && !said.has(keyOf(one)));
  const sentences = [...dropped.map(sayDropped), ...changedManners(kept, now)];
  if (sentences.length > 0) throw new BudgetTextError(sentences.join("\n"));
}

function sayDropped(limit: KeptLimit): string {
  const { name, unit, limit: amount, origin } = limit;
  return (
    `The last session had ${article(name)} ${name} budget of ${sayAmount(unit, amount)} (${origin}), and this one has none. ` +
    `Give it again, with this amount or another: ${optionFor(limit, amount)}. ` +
    `To continue without it, write ${optionFor(limit, "unlimited")}.`
  );
}

/** The same number in another basis is another cap, and a limit that does not cut running answers is softer. */
function changedManners(
  kept: z.infer<typeof Settings>["budgets"],
  { basis, cut }: ResolvedBudgets,
): readonly string[] {
  const ofTokens = kept.limits.some(({ unit, is_held: isHeld }) => unit === "tokens" && isHeld);
  return [
    ...(ofTokens && isLost(kept.basis, basis)
      ? [
          `The last session counted tokens in the basis ${kept.basis?.value} (${kept.basis?.origin}), and this one names no basis. ` +
            `Write --budget-basis ${kept.basis?.value}, or --budget-basis ${basis.value} to change it.`,
        ]
      : []),
    ...(kept.limits.length > 0 && isLost(kept.cut, cut)
      ? [
          `The last session cut running answers at the limit (${kept.cut?.origin}), and this one does not say so. ` +
            `Write --budget-cut ${kept.cut?.value}, or --budget-cut ${cut.value} to let them finish.`,
        ]
      : []),
  ];
}

function isLost(before: z.infer<typeof KeptManner>, { value, origin }: Sourced<string>): boolean {
  return origin === "default" && before !== undefined && before.value !== value;
}

function article(name: string): string {
  return /^[aeiou]/iu.test(name) ? "an" : "a";
}

function keyOf({ scope, name, unit }: Pick<BudgetLimit, "scope" | "name" | "unit">): string {
  return JSON.stringify([scope, name, unit]);
}
