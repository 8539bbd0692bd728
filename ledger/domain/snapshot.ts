import { z } from "zod";

import { Meter } from "./meter.ts";
import { WindowKey } from "./window.ts";

/** Row `snapshot_taken`: one reading of a provider's meters, before or after a window. */
export const SnapshotTaken = z.looseObject({
  record: z.literal("snapshot_taken"),
  ...WindowKey,
  phase: z.enum(["before", "after"]),
  meters: z.array(Meter).readonly(),
  /** What was read, as it was read, and its SHA-256 (hex); null for the proxy's own counter. */
  raw: z.string().nullable(),
  raw_sha256: z.string().nullable(),
  parser: z.string(),
  parser_version: z.string(),
  notes: z.array(z.string()).readonly(),
  errors: z.array(z.string()).readonly(),
});
export type SnapshotTaken = z.infer<typeof SnapshotTaken>;
