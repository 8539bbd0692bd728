import { z } from "zod";

import {
  AffectedBy,
  Count,
  exact,
  listOf,
  NumberOrNull,
  Text,
  TextOrNull,
} from "../evidence/schema.ts";
import { EstimateData } from "./estimate.ts";

/** What one provider's manual windows took of one meter. */
export const MeterFigures = exact({
  provider: Text,
  meter: Text,
  unit: Text,
  /** Valid windows whose difference is proven, even if it is 0. */
  n: Count,
  /** Valid windows whose difference is not proven. */
  unproven: Count,
  /** Sum of the proven differences; null without any. */
  used: NumberOrNull,
  /** Features of the proven windows, each weighted with its quality, per 100 units. */
  efficiency: EstimateData,
  touched_by: AffectedBy,
});
export type MeterFigures = z.infer<typeof MeterFigures>;

/** The readings of one attempt at one window. */
export const SnapshotPair = exact({
  window: Text,
  provider: Text,
  /** The agent that worked the window. */
  agent: Text,
  attempt: Count,
  before_at: TextOrNull,
  after_at: TextOrNull,
  /** How each row came to be: alias, ingest, automation or override. */
  before_source: TextOrNull,
  after_source: TextOrNull,
  meters: listOf(
    exact({
      meter: Text,
      unit: Text,
      before: NumberOrNull,
      after: NumberOrNull,
      delta: NumberOrNull,
      /** Why the difference is unknown. */
      flag: TextOrNull,
    }),
  ),
  errors: listOf(Text),
  touched_by: AffectedBy,
});
export type SnapshotPair = z.infer<typeof SnapshotPair>;

/** A manual window without a reading, and its tokens by a log. */
export const WithoutReading = exact({
  window: Text,
  agent: Text,
  provider: Text,
  attempt: Count,
  source: Text,
  /** All classes but cached input. */
  tokens: Count,
});
export type WithoutReading = z.infer<typeof WithoutReading>;

/** The tokens of a manual window by one source; of no window, with the reason. */
export const SourceTokens = exact({
  window: TextOrNull,
  agent: TextOrNull,
  provider: Text,
  attempt: Count.nullable(),
  source: Text,
  /** Whether the window counts by this source. */
  counts: z.boolean(),
  /** All classes. */
  tokens: Count,
  recorded_by: listOf(Text),
  reason: TextOrNull,
});
export type SourceTokens = z.infer<typeof SourceTokens>;

/** Figures that only manual windows have. */
export const ManualFigures = exact({
  meters: listOf(MeterFigures),
  snapshots: listOf(SnapshotPair),
  /** Windows that logs were read into and that have no reading; a preview names them, if there are any. */
  without_reading: listOf(WithoutReading).optional(),
  /** What logs and other programs counted; a preview names it, if there is any. */
  usage: listOf(SourceTokens).optional(),
});
export type ManualFigures = z.infer<typeof ManualFigures>;
