import type { z } from "zod";

import type { Evidence } from "./evidence.ts";
import { groupSorted } from "./group-sorted.ts";
import { listPairs } from "./resolved-pairs.ts";
import { Count, exact, listOf, Text, TextOrNull } from "./schema.ts";

/** Which machines worked the windows. */
export const Machines = exact({
  workers: listOf(
    exact({
      worker: Text,
      class: Text,
      /** Final windows that it worked. */
      windows: listOf(exact({ provider: Text, windows: Count })),
    }),
  ),
  /** Pairs of two valid windows. */
  pairs: Count,
  /** Those whose windows were not worked on one class, or not provably; null: not recorded. */
  mixed_pairs: listOf(
    exact({
      feature_id: Text,
      replicate: Count,
      candidate: Text,
      baseline_class: TextOrNull,
      candidate_class: TextOrNull,
    }),
  ),
});
type Machines = z.infer<typeof Machines>;

/** The final windows of each worker, and the pairs on two classes; null if no row names a machine. */
export function countMachines(evidence: Evidence): Machines | null {
  const placed = evidence.windows.flatMap(({ final, line }) =>
    final?.machine === undefined ? [] : [{ ...final.machine, provider: line.provider }],
  );
  if (placed.length === 0) return null;
  const workers = groupSorted(placed, (one) => JSON.stringify([one.worker, one.class]));
  const pairs = evidence.asked.candidates.flatMap((candidate) => validPairs(evidence, candidate));
  return {
    workers: workers.flatMap(([, own]) => {
      const [first] = own;
      if (first === undefined) return [];
      const windows = groupSorted(own, ({ provider }) => provider).map(([provider, these]) => ({
        provider,
        windows: these.length,
      }));
      return [{ worker: first.worker, class: first.class, windows }];
    }),
    pairs: pairs.length,
    mixed_pairs: pairs.filter(
      ({ baseline_class: one, candidate_class: other }) => one === null || one !== other,
    ),
  };
}

function validPairs(evidence: Evidence, candidate: string): Machines["mixed_pairs"] {
  return listPairs(evidence, candidate)
    .filter((pair) => [pair.baseline, pair.candidate].every(({ line }) => line.state === "valid"))
    .map((pair) => ({
      feature_id: pair.baseline.line.feature_id,
      replicate: pair.baseline.line.replicate,
      candidate,
      baseline_class: pair.baseline.final?.machine?.class ?? null,
      candidate_class: pair.candidate.final?.machine?.class ?? null,
    }));
}
