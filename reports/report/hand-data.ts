import { z } from "zod";

import { Count, Estimate, TouchedBy } from "./estimate-data.ts";

/** What one provider's windows took of one meter. */
export const MeterFigures = z
  .strictObject({
    provider: z.string(),
    meter: z.string(),
    unit: z.string(),
    /** Valid windows whose difference is proven, also those where it is 0. */
    n: Count,
    /** Valid windows whose difference is not. */
    unproven: Count,
    /** Sum over the proven ones; null where there is none. */
    used: z.number().nullable(),
    /** Features of the proven windows, each counted with its quality, per 100 units. */
    efficiency: Estimate,
    touched_by: TouchedBy,
  })
  .readonly();
export type MeterFigures = z.infer<typeof MeterFigures>;

/** One meter of a window, read before and after. */
const MeterPair = z
  .strictObject({
    meter: z.string(),
    unit: z.string(),
    before: z.number().nullable(),
    after: z.number().nullable(),
    delta: z.number().nullable(),
    /** Why the difference is not known. */
    flag: z.string().nullable(),
  })
  .readonly();

/** The readings of one attempt at one window. */
export const SnapshotPair = z
  .strictObject({
    window: z.string(),
    provider: z.string(),
    attempt: Count,
    before_at: z.string().nullable(),
    after_at: z.string().nullable(),
    meters: z.array(MeterPair).readonly(),
    errors: z.array(z.string()).readonly(),
    touched_by: TouchedBy,
  })
  .readonly();
export type SnapshotPair = z.infer<typeof SnapshotPair>;

/** What only windows worked by hand have. */
export const HandWork = z
  .strictObject({
    meters: z.array(MeterFigures).readonly(),
    snapshots: z.array(SnapshotPair).readonly(),
  })
  .readonly();
export type HandWork = z.infer<typeof HandWork>;
