import { findExperiment } from "../../../experiment/session/recorded-experiment.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { previewReport, withCachedView } from "../../ledger/cached-view.ts";
import { done } from "../../result.ts";
import type { preview as definition } from "./definition.ts";
import { showExplained } from "./show-explained.ts";
import { checkWindow, showPreview, showWindow } from "./show.ts";

/** Shows how an experiment is going. */
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
