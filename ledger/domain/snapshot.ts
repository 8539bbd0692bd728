import { z } from "zod";

import { Meter } from "./meter.ts";
import { Timestamp } from "./timestamp.ts";
import { ReadingKey } from "./window.ts";

/** Row `snapshot_taken`: one reading of a provider's meters, before or after a window. */
export const SnapshotTaken = z.looseObject({
  record: z.literal("snapshot_taken"),
  ...ReadingKey,
  phase: z.enum(["before", "after"]),
  meters: z.array(Meter).readonly(),
  /** What was read, as it was read, and its SHA-256 (hex); null for the proxy's own counter. */
  raw: z.string().nullable(),
  raw_sha256: z.string().nullable(),
  parser: z.string(),
  parser_version: z.string(),
  notes: z.array(z.string()).readonly(),
  errors: z.array(z.string()).readonly(),
  /** When the meters were read; if absent, when the row was recorded. */
  captured_at: Timestamp.optional(),
  /** The zone in which the source's local times were read. */
  time_zone: z.string().optional(),
  /** If `raw` is too large for a row: its file, relative to the data folder. */
  raw_file: z.string().optional(),
  /** What the operator remarks. */
  operator_notes: z.string().optional(),
});
export type SnapshotTaken = z.infer<typeof SnapshotTaken>;
