import { z } from "zod";

import { Count, exact, listOf, NumberOrNull, Text, TextOrNull } from "../evidence/schema.ts";

/** The conditions under which agents worked. */
export const Conditions = exact({
  /** What limited agents, by number of valid windows. */
  limits: listOf(
    exact({
      resource: z.enum(["cpus", "memory", "processes"]),
      /** CPUs, bytes, or processes. */
      limit: z.number(),
      /** null: nothing enforced it. */
      enforced_by: TextOrNull,
      windows: Count,
    }),
  ),
  /** Medians over each provider's valid windows; a window has the mean of its start and its end. */
  providers: listOf(
    exact({
      provider: Text,
      windows: Count,
      load_1m: NumberOrNull,
      free_memory_bytes: NumberOrNull,
      cpu_pressure: NumberOrNull,
    }),
  ),
});
export type Conditions = z.infer<typeof Conditions>;
