import { designOf } from "../../../ledger/domain/experiment.ts";
import { outdatedCompletions } from "../../tracker/outdated-completions.ts";
import { previewReport, withCachedView } from "../cached-view.ts";
import { columnsOf } from "../columns.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { preview as definition } from "../definitions/experiment-commands.ts";
import { findExperiment, type FoundExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";
import { sayOutdated } from "../say-outdated.ts";
import { showExplained } from "../show-explained.ts";
import { checkWindow, type PreviewParts, showPreview, showWindow } from "../show-preview.ts";
import { type UsedWindow, usedWithoutReading } from "../used-without-reading.ts";

/** Shows where an experiment stands. */
export const preview: CodeOf<typeof definition> = (options, environment) =>
  findExperiment(options, environment, async (found) => {
    const { explain, window } = options;
    const json = options.json === true;
    if (explain === undefined) {
      const parts = await readParts(found, json);
      return done(window === undefined ? showPreview(parts) : showWindow(window, parts));
    }
    if (window !== undefined) checkWindow(window, await readParts(found, json));
    const columns = columnsOf(environment);
    return await withCachedView(found, ({ view }) =>
      done(showExplained(view, explain, { json, columns, window })),
    );
  });

async function readParts(found: FoundExperiment, json: boolean): Promise<PreviewParts> {
  const report = await previewReport(found);
  const used = [...usedWithoutReading(found.store, report), ...(await outdated(found))];
  return { report, json, environment: found.environment, used };
}

/** Windows that count other tokens than their sources have now. */
async function outdated(found: FoundExperiment): Promise<readonly UsedWindow[]> {
  if (designOf(found.experimentId) !== "manual") return [];
  return await withCachedView(found, ({ view, store }) =>
    outdatedCompletions(store, view).map((one) => {
      return { window: one.key.window, line: sayOutdated(one) };
    }),
  );
}
