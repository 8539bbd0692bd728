import { byCodeUnit } from "./code-unit-order.ts";
import { openStream, purposeInCohort, shuffle } from "./stream.ts";

/** What the order of a cohort is drawn from. */
export interface RunOrderInput {
  readonly rootSeed: string;
  /** In any order; ids are sorted before they are shuffled. */
  readonly features: readonly string[];
  /** Registration cohort, counted from 1 (default). */
  readonly cohort?: number;
}

/**
 * The random order in which features are run. Looks at growing prefixes are valid only because
 * features come in random order.
 *
 * @example
 * drawRunOrder({ rootSeed: "exp-2025-01", features: ["f01", "f02", "f03"] }); // f03, f02, f01
 */
export function drawRunOrder({ rootSeed, features, cohort = 1 }: RunOrderInput): readonly string[] {
  return shuffle(
    features.toSorted(byCodeUnit),
    openStream(rootSeed, purposeInCohort("order", cohort)),
  );
}
