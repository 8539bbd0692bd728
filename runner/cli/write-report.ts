import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { LedgerReader } from "../../ledger/store/store.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { buildDocument } from "../../reports/document/build-document.ts";
import { gatherEvidence } from "../../reports/evidence/evidence.ts";
import { renderMarkdown } from "../../reports/format/render-markdown.ts";
import { findOthers } from "../../reports/gate/other-experiments.ts";
import { buildReport } from "../../reports/report/build-report.ts";
import type { DataFolder } from "../data-folder.ts";
import type { Environment } from "../environment.ts";
import { writePage } from "./page/write-page.ts";

/** What a report is read from, and where it goes. */
export interface ReportSources {
  readonly view: ExperimentView;
  readonly store: Pick<LedgerReader, "read">;
  readonly folder: DataFolder;
  readonly environment: Environment;
}

/** Writes `report.md`, `report.json` and `report.html` of an experiment, and returns the path of the first. */
export async function writeReport(
  { view, ...sources }: ReportSources,
  options: { readonly withCode: boolean },
): Promise<string> {
  const { store, folder: place } = sources;
  const folder = path.join(place.reports, view.experimentId);
  const file = path.join(folder, "report.md");
  const report = buildReport(view, { rows: store.read("budgets") }, findOthers(store, view));
  mkdirSync(folder, { recursive: true });
  const document = buildDocument(report);
  writeFileSync(file, renderMarkdown(document));
  writeFileSync(path.join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writePage({ ...sources, evidence: gatherEvidence(view), report, document }, options);
  return file;
}
