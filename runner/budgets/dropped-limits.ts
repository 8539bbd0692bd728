import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { optionFor } from "./budget-doors.ts";
import type { BudgetLimit } from "./budget-limits.ts";
import { BudgetTextError } from "./errors.ts";
import type { ResolvedBudgets, Sourced } from "./resolve-budgets.ts";
import { sayAmount } from "./say-amount.ts";

const KeptLimit = z.looseObject({
  scope: BudgetScope,
  name: z.string(),
  unit: BudgetUnit,
  limit: z.number(),
  origin: z.string(),
  is_held: z.boolean(),
});
const KeptManner = z.looseObject({ value: z.string(), origin: z.string() }).optional();
/** What an earlier session kept of its budgets; one of before there were such lists kept none. */
const Settings = z.looseObject({
  budgets: z.looseObject({
    basis: KeptManner,
    cut: KeptManner,
    limits: z.array(KeptLimit).default([]),
  }),
});
type KeptLimit = z.infer<typeof KeptLimit>;

/**
 * Refuses to go on with less care than an experiment's last session had. Who set a cap and goes on
 * without a word of it may think that it still holds: it is given again, or dropped by name.
 * @param last the settings of the last session, as its row has them.
 * @throws BudgetTextError naming each cap, and how to give it again and how to drop it.
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
    `The last session had ${article(name)} ${name} budget of ${sayAmount(unit, amount)} (${origin}), and nobody gives one now. ` +
    `Give it again, with this amount or another: ${optionFor(limit, amount)}. ` +
    `To go on without it, say so: ${optionFor(limit, "unlimited")}.`
  );
}

/** The same figure in another basis is another cap, and a limit that cuts no running answer a softer one. */
function changedManners(
  kept: z.infer<typeof Settings>["budgets"],
  { basis, cut }: ResolvedBudgets,
): readonly string[] {
  const ofTokens = kept.limits.some(({ unit, is_held: isHeld }) => unit === "tokens" && isHeld);
  return [
    ...(ofTokens && isLost(kept.basis, basis)
      ? [
          `The last session counted tokens in the basis ${kept.basis?.value} (${kept.basis?.origin}), and nobody names a basis now. ` +
            `Write --budget-basis ${kept.basis?.value}, or --budget-basis ${basis.value} to count otherwise.`,
        ]
      : []),
    ...(kept.limits.length > 0 && isLost(kept.cut, cut)
      ? [
          `The last session cut running answers at the limit (${kept.cut?.origin}), and nobody says so now. ` +
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
