import { z } from "zod";

import { Timestamp } from "./timestamp.ts";

/** One meter's reading: what of a limit was used at a moment. */
export const Meter = z
  .looseObject({
    name: z.string().min(1),
    /** Minutes of the window that the limit covers; null if the meter never resets. */
    limit_window_minutes: z.int().positive().nullable(),
    unit: z.enum(["percent", "tokens", "prompts", "credits", "usd"]),
    used: z.number().nonnegative(),
    limit: z.number().nonnegative().optional(),
    resets_at: Timestamp.nullable().optional(),
    as_of: Timestamp,
    /** No period runs, so there is no reset yet. The next period begins with the first use. */
    is_idle: z.literal(true).optional(),
    /** The pane says that its figures may be older than the capture. */
    is_stale: z.literal(true).optional(),
    /** The pane is byte for byte that of the `before`, and no operator has said that nothing was used. */
    is_duplicate: z.literal(true).optional(),
  })
  .readonly();
export type Meter = z.infer<typeof Meter>;
