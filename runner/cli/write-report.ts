import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { LedgerReader } from "../../ledger/store/store.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { buildDocument } from "../../reports/document/build-document.ts";
import { renderMarkdown } from "../../reports/format/render-markdown.ts";
import { findOthers } from "../../reports/gate/other-experiments.ts";
import { buildReport } from "../../reports/report/build-report.ts";
import type { DataFolder } from "../data-folder.ts";

/** Writes `report.md` and `report.json` of an experiment and returns the path of the first. */
export function writeReport(
  view: ExperimentView,
  store: Pick<LedgerReader, "read">,
  { reports }: DataFolder,
): string {
  const folder = path.join(reports, view.experimentId);
  const file = path.join(folder, "report.md");
  const report = buildReport(view, { rows: store.read("budgets") }, findOthers(store, view));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, renderMarkdown(buildDocument(report)));
  writeFileSync(path.join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
