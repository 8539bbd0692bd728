import { z } from "zod";

/** What the process of mutants has to run. */
export interface MutantPlan {
  /** The folder of the suite. */
  readonly suite: string;
  readonly features: readonly string[];
  readonly steps: readonly string[];
  /** The folder of the instrumented solution, and its module. */
  readonly solution: string;
  readonly module: string;
  /** Ids of mutants in turn; null is the solution itself. */
  readonly mutants: readonly (string | null)[];
}

/** What came of one of them. */
export const MutantReport = z.strictObject({
  mutant: z.string().nullable(),
  /** The first scenario that did not pass, null if all did. */
  failed: z.string().nullable(),
  /** Faults of the suite itself. */
  faults: z.array(z.string()),
});
export type MutantReport = z.infer<typeof MutantReport>;
