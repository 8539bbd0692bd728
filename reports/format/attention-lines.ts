import { budgetName } from "../document/budget-names.ts";
import type { AnomalyLine } from "../evidence/index-affected.ts";
import type { Budgets } from "../report/budget-data.ts";
import { type AmountKind, limitText, unitWord, usedText } from "../text/amount-text.ts";
import { formatPercent } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";

/** A budget of which more is used is worth a look. */
const BUDGET_SHARE = 0.7;

/** The anomalies by kind, the most frequent first. */
export function anomalyKinds(anomalies: readonly AnomalyLine[]): string {
  const byKind = [...Map.groupBy(anomalies, ({ kind }) => kind)].toSorted(
    ([, one], [, other]) => other.length - one.length,
  );
  return byKind.map(([kind, all]) => `${toPlainLine(kind)} ${String(all.length)}`).join(", ");
}

/** Budgets that are more than 70 % used. */
export function fullBudgets(budgets: Budgets): readonly string[] {
  return budgets.lines.flatMap((line) => {
    const { limit, used, unit } = line;
    if (limit === null || limit === 0 || used / limit <= BUDGET_SHARE) return [];
    const kind: AmountKind = { unit, basis: budgets.basis };
    const amount = `${usedText(unit, used)} of ${limitText(unit, limit)}${unitWord(kind)}`;
    return [
      `Budget ${toPlainLine(budgetName(line, budgets))}: ${formatPercent(used / limit)} used (${amount})`,
    ];
  });
}
