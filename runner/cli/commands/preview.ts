import { previewReport } from "../cached-view.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { preview as definition } from "../definitions/experiment-commands.ts";
import { findExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";
import { showPreview, showWindow } from "../show-preview.ts";

/** Shows where an experiment stands. */
export const preview: CodeOf<typeof definition> = (options, environment) =>
  findExperiment(options, environment, async (found) => {
    const report = await previewReport(found);
    const parts = { report, json: options.json === true, environment };
    return done(
      options.window === undefined ? showPreview(parts) : showWindow(options.window, parts),
    );
  });
