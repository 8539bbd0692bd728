import { z } from "zod";

import { Outcome } from "../../ledger/domain/outcome.ts";
import type { FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { WindowView } from "../../ledger/views/window-view.ts";
import { AffectedBy, Count, exact, NumberOrNull, Text, TextOrNull } from "./schema.ts";

/** One planned window and how it ended. */
export const WindowLine = exact({
  window: TextOrNull,
  feature_id: Text,
  replicate: Count,
  period: Count,
  provider: Text,
  executed_order: Count.nullable(),
  attempts: Count,
  state: z.enum(["valid", "missing", "not_run"]),
  outcome: Outcome.nullable(),
  /** Why the window is missing or was stopped. */
  reason: TextOrNull,
  scenarios_passed: Count.nullable(),
  scenarios: Count.nullable(),
  quality: NumberOrNull,
  cost: NumberOrNull,
  /** The window was capped: its work would have cost more. */
  is_lower_bound: z.boolean(),
  touched_by: AffectedBy,
});
export type WindowLine = z.infer<typeof WindowLine>;

/** A planned window with its rows. */
export interface ObservedWindow {
  readonly line: WindowLine;
  readonly view: WindowView | undefined;
  readonly final: FinalizedFact | undefined;
  /** Why it is missing, in a word; null if it is not. */
  readonly missing: string | null;
}
