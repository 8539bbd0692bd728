import type { Environment } from "../../environment.ts";
import { type LedgerOptions, useExperiment } from "../open-ledger.ts";
import { done, type Result } from "../result.ts";
import { showPreview } from "../show-preview.ts";

export interface PreviewOptions extends LedgerOptions {
  readonly json?: boolean;
}

/** Shows where an experiment stands. */
export async function preview(options: PreviewOptions, environment: Environment): Promise<Result> {
  return await useExperiment(options, environment, (view, store) =>
    done(showPreview({ view, store, json: options.json === true, environment })),
  );
}
