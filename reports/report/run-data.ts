import { z } from "zod";

import { WindowLine } from "../evidence/observe-windows.ts";
import {
  Count,
  exact,
  listOf,
  OutcomeCount,
  Text,
  TextOrNull,
  WindowCounts,
} from "../evidence/schema.ts";

export const Ran = exact({
  sessions: listOf(
    exact({
      session_id: Text,
      opened_at: Text,
      resumed: z.boolean(),
      /** Why it ended; null if it ended without a row. */
      closed: TextOrNull,
    }),
  ),
  /** Changes of budgets, limits or paths between sessions; the question stayed the same. */
  amendments: listOf(exact({ recorded_at: Text, changed: listOf(Text) })),
  windows: WindowCounts,
  attempts: exact({ opened: Count, interrupted: Count, unfinished: Count }),
  outcomes: listOf(OutcomeCount),
  missing: listOf(exact({ provider: Text, period: Count, cause: Text, windows: Count })),
  schedule: listOf(WindowLine),
});
export type Ran = z.infer<typeof Ran>;
