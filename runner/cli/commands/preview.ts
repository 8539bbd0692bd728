import { previewReport, withCachedView } from "../cached-view.ts";
import { columnsOf } from "../columns.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { preview as definition } from "../definitions/experiment-commands.ts";
import { findExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";
import { showExplained } from "../show-explained.ts";
import { checkWindow, showPreview, showWindow } from "../show-preview.ts";

/** Shows where an experiment stands. */
export const preview: CodeOf<typeof definition> = (options, environment) =>
  findExperiment(options, environment, async (found) => {
    const { explain, window } = options;
    const json = options.json === true;
    const readParts = async () => ({ ...(await previewReport(found)), json, environment });
    if (explain === undefined) {
      const parts = await readParts();
      return done(window === undefined ? showPreview(parts) : showWindow(window, parts));
    }
    if (window !== undefined) checkWindow(window, await readParts());
    const columns = columnsOf(environment);
    return await withCachedView(found, ({ view }) =>
      done(showExplained(view, explain, { json, columns, window })),
    );
  });
