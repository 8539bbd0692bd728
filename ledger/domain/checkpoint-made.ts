import { z } from "zod";

import { LEDGER_FILES } from "./ledger-file.ts";

/**
 * Row `checkpoint_made` of checkpoints.jsonl: where every file ended, and with which hash. All of
 * it was durable before the row was written. A copy of the row outside the ledger, for example in a
 * git commit, reveals any later cut or rewrite.
 */
export const CheckpointMade = z.looseObject({
  record: z.literal("checkpoint_made"),
  ledger_id: z.string().min(1),
  heads: z
    .array(
      z.looseObject({
        file: z.enum(LEDGER_FILES),
        segment: z.int().positive(),
        seq: z.int().nonnegative(),
        h: z.string(),
        bytes: z.int().nonnegative(),
      }),
    )
    .readonly(),
  /** The hash (hex) over these heads that reports carry too; absent in earlier versions. */
  heads_sha256: z.string().optional(),
});
export type CheckpointMade = z.infer<typeof CheckpointMade>;
