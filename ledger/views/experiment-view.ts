import type { ExperimentFold } from "./experiment-fold.ts";

/** What one experiment's rows say now, for those who do not fold. */
export type ExperimentView = Readonly<
  Omit<ExperimentFold, "fold" | "foldOnce" | "foldLine" | "state">
>;
