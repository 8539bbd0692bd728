import { byCodeUnit } from "./code-unit-order.ts";
import type { AssignedUnit } from "./draw-assignment.ts";

/** How evenly one stratum is split. */
export interface StratumBalance {
  readonly stratum: string;
  readonly nAB: number;
  readonly nBA: number;
  /** |AB − BA|, which permuted blocks keep at half a block or less. */
  readonly imbalance: number;
  readonly isWithinBound: boolean;
}

/**
 * Does the assignment keep what permuted blocks promise? Counts by stratum, in sorted order.
 *
 * The bound holds for assigned units of one registration cohort; each cohort is drawn on its own.
 */
export function checkBalance(
  units: readonly Pick<AssignedUnit, "stratum" | "sequence">[],
  blockSize: number,
): readonly StratumBalance[] {
  const strata = Map.groupBy(units, ({ stratum }) => stratum);
  return [...strata]
    .toSorted(([first], [second]) => byCodeUnit(first, second))
    .map(([stratum, own]) => {
      const nAB = own.filter(({ sequence }) => sequence === "AB").length;
      const nBA = own.length - nAB;
      const imbalance = Math.abs(nAB - nBA);
      return { stratum, nAB, nBA, imbalance, isWithinBound: imbalance <= blockSize / 2 };
    });
}
