import { toPlainLine } from "../../../reports/text/plain-text.ts";
import type { Environment } from "../../environment.ts";
import { undoRow } from "../../tracker/undo-row.ts";
import { done, jsonOr, type Result } from "../result.ts";
import { type AgentOptions, withExistingTracker } from "../with-tracker.ts";

export interface UndoOptions extends AgentOptions {
  readonly id?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Excludes a row by another row. The row itself stays. */
export async function undo(options: UndoOptions, environment: Environment): Promise<Result> {
  const { id, reason } = options;
  return await withExistingTracker(options, environment, async (tracker) => {
    const undone = await undoRow(tracker, { id, reason });
    return done(
      jsonOr(
        options,
        undone,
        () =>
          `Undone: ${toPlainLine(undone.what)} (row ${toPlainLine(undone.id)}). It stays in the ledger and no longer counts.`,
      ),
    );
  });
}
