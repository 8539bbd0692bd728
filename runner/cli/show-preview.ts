import { styleText } from "node:util";

import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { Style } from "../../reports/format/budget-bar.ts";
import { renderPreview } from "../../reports/preview/render-preview.ts";
import { buildReport } from "../../reports/report/build-report.ts";
import type { Environment, Output } from "../environment.ts";

/** Where the experiment stands, as text or, for scripts, as the report's JSON. */
export function showPreview(
  view: ExperimentView,
  { json, environment }: { readonly json: boolean; readonly environment: Environment },
): string {
  const report = buildReport(view);
  return json
    ? JSON.stringify(report, null, 2)
    : renderPreview(report, styleFor(environment.stdout, environment));
}

/** Colours on a terminal, and never where `NO_COLOR` is set. */
export function styleFor(output: Output, { variables }: Environment): Style | undefined {
  const refuses = (variables["NO_COLOR"] ?? "") !== "";
  if (output.isTTY !== true || refuses) return undefined;
  return (colour, text) => styleText(colour, text, { validateStream: false });
}
