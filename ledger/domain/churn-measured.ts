import { z } from "zod";

import { Churn, ReadingKey } from "./window.ts";

/** Row `churn_measured`: what a window's agent changed in its workspace. */
export const ChurnMeasured = z.looseObject({
  record: z.literal("churn_measured"),
  ...ReadingKey,
  commit_start: z.string(),
  commit_end: z.string(),
  churn: Churn,
  /** Commits between the two, the last one included. Absent in rows of earlier versions. */
  commits: z.int().nonnegative().optional(),
  /** How many acceptance scenarios the feature has, if anybody said so. */
  scenarios: z.int().positive().optional(),
});
export type ChurnMeasured = z.infer<typeof ChurnMeasured>;
