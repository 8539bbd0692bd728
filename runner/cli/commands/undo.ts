import { toPlainLine } from "../../../reports/format/plain-text.ts";
import type { Environment } from "../../environment.ts";
import { undoRow } from "../../tracker/undo-row.ts";
import { done, type Result } from "../result.ts";
import { type AgentOptions, withExistingTracker } from "../with-tracker.ts";

export interface UndoOptions extends AgentOptions {
  readonly id?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Writes a tombstone for a row; the row stays where it is. */
export async function undo(options: UndoOptions, environment: Environment): Promise<Result> {
  const { id, reason } = options;
  return await withExistingTracker(options, environment, async (tracker) => {
    const undone = await undoRow(tracker, { id, reason });
    return done(
      options.json === true
        ? JSON.stringify(undone, null, 2)
        : `Undone: ${toPlainLine(undone.what)} (row ${toPlainLine(undone.id)}). It stays in the ledger and counts no more.`,
    );
  });
}
