import { previewReport, withCachedView } from "../cached-view.ts";
import { columnsOf } from "../columns.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { preview as definition } from "../definitions/experiment-commands.ts";
import { findExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";
import { showExplained } from "../show-explained.ts";
import { showPreview, showWindow } from "../show-preview.ts";
import { usedWithoutReading } from "../used-without-reading.ts";

/** Shows where an experiment stands. */
export const preview: CodeOf<typeof definition> = (options, environment) =>
  findExperiment(options, environment, async (found) => {
    const { explain, window } = options;
    const json = options.json === true;
    if (explain !== undefined) {
      const columns = columnsOf(environment);
      return await withCachedView(found, ({ view }) =>
        done(showExplained(view, explain, { json, columns })),
      );
    }
    const report = await previewReport(found);
    const parts = { report, json, environment, used: usedWithoutReading(found.store, report) };
    return done(window === undefined ? showPreview(parts) : showWindow(window, parts));
  });
