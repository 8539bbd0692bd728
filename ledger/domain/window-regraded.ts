import { z } from "zod";

import { ScenarioResult, WindowKey } from "./window.ts";

const Share = z.number().min(0).max(1);

/** Row `window_regraded`: the sealed work of a final window was graded again. It replaces nothing. */
export const WindowRegraded = z.looseObject({
  record: z.literal("window_regraded"),
  ...WindowKey,
  /** Id of the window's final row. */
  graded: z.string(),
  /** SHA-256 of the bundle that was graded. */
  work_sha256: z.string(),
  /** Digest of the task as it is now. */
  task_digest: z.string(),
  /** Whether the task is as it was registered; the suite is then the same. */
  is_same_task: z.boolean(),
  /** Null if the grader failed; `reason` then says why. */
  quality: Share.nullable(),
  quality_visible: Share.optional(),
  quality_held_out: Share.optional(),
  reason: z.string().nullable(),
  scenarios: z.array(ScenarioResult).readonly(),
  /** Scenarios that both gradings have, and those that have the same verdict in both. */
  scenarios_compared: z.int().nonnegative(),
  scenarios_agreeing: z.int().nonnegative(),
  isolation: z.string().nullable(),
  versions: z.record(z.string(), z.string()).readonly(),
});
export type WindowRegraded = z.infer<typeof WindowRegraded>;
