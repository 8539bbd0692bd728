import { z } from "zod";

/**
 * Row `row_undone`: a tombstone that excludes the row that it names. Both rows are in the same file:
 * a process that holds the file's lock sees both.
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
