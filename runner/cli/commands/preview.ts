import type { CodeOf } from "../definitions/definition.ts";
import type { preview as definition } from "../definitions/experiment-commands.ts";
import { useExperiment } from "../open-ledger.ts";
import { done } from "../result.ts";
import { showPreview, showWindow } from "../show-preview.ts";

/** Shows where an experiment stands. */
export const preview: CodeOf<typeof definition> = (options, environment) =>
  useExperiment(options, environment, (view, store) =>
    done(
      options.window === undefined
        ? showPreview({ view, store, json: options.json === true, environment })
        : showWindow(options.window, { view, store, json: options.json === true, environment }),
    ),
  );
