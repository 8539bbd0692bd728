import type { Sequence } from "../core/sequence.ts";
import { requireDomain } from "../numerics/domain-error.ts";
import { byCodeUnit } from "./code-unit-order.ts";
import { listSets, type StratumFeature } from "./list-sets.ts";
import { openStream, purposeInCohort, shuffle, type Rng } from "./stream.ts";

/** What the assignment of a cohort is drawn from. */
export interface AssignmentInput {
  readonly rootSeed: string;
  readonly features: readonly StratumFeature[];
  /** Repetitions of the whole sequence per feature; 1 by default. */
  readonly replicates?: number;
  /** Even; 2 by default. */
  readonly blockSize?: number;
  /** Registration cohort, counted from 1 (default). */
  readonly cohort?: number;
}

/** Which provider one replicate of a feature meets first. */
export interface AssignedPair {
  readonly feature: string;
  /** Counted from 1. */
  readonly replicate: number;
  readonly stratum: string;
  /** The pair's block within its stratum, counted from 1. */
  readonly block: number;
  readonly sequence: Sequence;
}

/**
 * Assigns AB or BA to every feature and replicate, in permuted blocks within each stratum.
 *
 * Strata, features and replicates are sorted first, so that the order in which a task bank lists
 * them does not matter. Each stratum has a stream of its own.
 *
 * @example
 * drawAssignment({
 *   rootSeed: "exp-2025-01",
 *   features: [{ feature: "f01", stratum: "all" }, { feature: "f02", stratum: "all" }],
 * }).map(({ sequence }) => sequence); // ["BA", "AB"]
 */
export function drawAssignment(input: AssignmentInput): readonly AssignedPair[] {
  const { rootSeed, features, replicates = 1, blockSize = 2, cohort = 1 } = input;
  const strata = Map.groupBy(listSets(features, replicates), ({ stratum }) => stratum);
  return [...strata].flatMap(([stratum, pairs]) => {
    const rng = openStream(rootSeed, purposeInCohort(`assign|${stratum}`, cohort));
    return drawPermutedBlocks({ count: pairs.length, blockSize }, rng).flatMap(
      (sequence, index) => {
        const block = Math.floor(index / blockSize) + 1;
        return pairs.slice(index, index + 1).map((pair) => ({ ...pair, block, sequence }));
      },
    );
  });
}

/**
 * Draws `count` sequences in shuffled blocks that hold AB and BA equally often. The last block is cut
 * to length. The counts of AB and BA never differ by more than half a block.
 *
 * @example
 * drawPermutedBlocks({ count: 3, blockSize: 2 }, () => 0.9); // ["AB", "BA", "AB"]
 */
export function drawPermutedBlocks(
  { count, blockSize }: { readonly count: number; readonly blockSize: number },
  rng: Rng,
): readonly Sequence[] {
  const isEven = Number.isInteger(blockSize / 2) && blockSize >= 2;
  requireDomain(isEven, "an even block size of at least 2", blockSize);
  const half = blockSize / 2;
  const block: readonly Sequence[] = [
    ...Array<Sequence>(half).fill("AB"),
    ...Array<Sequence>(half).fill("BA"),
  ];
  const blocks = Array.from({ length: Math.ceil(count / blockSize) }, () => shuffle(block, rng));
  return blocks.flat().slice(0, count);
}

/** How evenly one stratum is split. */
export type StratumBalance = ReturnType<typeof checkBalance>[number];

/**
 * Does the assignment keep what permuted blocks promise? Counts by stratum, in sorted order.
 *
 * The bound holds for assigned pairs of one registration cohort; each cohort is drawn on its own.
 */
export function checkBalance(
  pairs: readonly Pick<AssignedPair, "stratum" | "sequence">[],
  blockSize: number,
) {
  const strata = Map.groupBy(pairs, ({ stratum }) => stratum);
  return [...strata]
    .toSorted(([first], [second]) => byCodeUnit(first, second))
    .map(([stratum, own]) => {
      const nAB = own.filter(({ sequence }) => sequence === "AB").length;
      const nBA = own.length - nAB;
      /** |AB − BA|, which permuted blocks keep at half a block or less. */
      const imbalance = Math.abs(nAB - nBA);
      return { stratum, nAB, nBA, imbalance, isWithinBound: imbalance <= blockSize / 2 };
    });
}
