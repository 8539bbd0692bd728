import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { undoRow } from "../../../tracker/windows/undo-row.ts";
import { checkWindow } from "../../../tracker/windows/window-options.ts";
import { withExistingTracker } from "../../../tracker/windows/with-tracker.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { undo as definition } from "./definition.ts";

/** Excludes a row by another row. The row itself stays. */
export const undo: CodeOf<typeof definition> = async (options, environment) => {
  const { id, reason, window, provider, phase } = options;
  if (window !== undefined) checkWindow(window);
  return await withExistingTracker(options, environment, async (tracker) => {
    const undone = await undoRow(tracker, { id, reason, window, provider, phase });
    return doneWith(
      options,
      undone,
      () =>
        `Undone: ${toPlainLine(undone.what)} (row ${toPlainLine(undone.id)}). It stays in the ledger and no longer counts.`,
    );
  });
};
