import { z } from "zod";

/**
 * Row `row_undone`: a tombstone. The row that it names counts no more; both stay where they are, in
 * the same file, so that whoever appends there under its lock sees both.
 */
export const RowUndone = z.looseObject({
  record: z.literal("row_undone"),
  undoes: z.string().min(1),
  experiment_id: z.string().optional(),
  window: z.string().optional(),
  provider: z.string().optional(),
  /** Why, in the operator's words. */
  reason: z.string().optional(),
});
export type RowUndone = z.infer<typeof RowUndone>;
