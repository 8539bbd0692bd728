import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import type { LedgerSnapshot } from "../../../../ledger/store/store.ts";
import { readBlockedByCapacity } from "../../../../ledger/views/backlog-view.ts";
import type { FinalizedFact } from "../../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { buildDocument } from "../../../../reports/document/build-document.ts";
import { type Evidence, gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { nameLedger } from "../../../../reports/evidence/named-ledger.ts";
import { cut } from "../../../../reports/page/collect-papers.ts";
import { picturesOf, type ReportPictures } from "../../../../reports/pictures/pictures-of.ts";
import { renderSvg } from "../../../../reports/pictures/render-svg.ts";
import { reportOf } from "../../../../reports/report/build-report.ts";
import { findOthers } from "../../../../reports/report/other-experiments.ts";
import type { ReportData } from "../../../../reports/report/report-data.ts";
import { type BudgetRows, budgetRows } from "../../../../reports/report/sum-budgets.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import type { DataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { readDiffs } from "../../../tasks/results/read-diffs.ts";
import { DEFAULT_FORMATS, filesOf, type ReportFile, type ReportFormat } from "./report-formats.ts";
import { openReportProgress } from "./report-progress.ts";

interface ReportParts {
  readonly view: ExperimentView;
  readonly ledger: LedgerSnapshot;
  readonly folder: DataFolder;
  readonly environment: Environment;
  readonly budgets?: BudgetRows;
  /** By default those that a person wants. */
  readonly formats?: readonly ReportFormat[];
  /** By default the experiment's folder among the reports. */
  readonly out?: string | undefined;
  /** Whether the HTML page has the agents' changes and logs. */
  readonly withCode?: boolean;
}

/** Everything that the ledger says about an experiment. */
export function readReport(
  evidence: Evidence,
  ledger: LedgerSnapshot,
  budgets: BudgetRows = budgetRows(ledger),
): ReportData {
  return reportOf(evidence, budgets, {
    ledger: nameLedger(ledger),
    others: findOthers(ledger, evidence.view),
    backlogReadyBlocked: readBlockedByCapacity(ledger),
  });
}

/** Writes an experiment's report in its formats, and returns the path of the file to open. */
export async function writeReport(parts: ReportParts): Promise<string> {
  const progress = openReportProgress(parts.environment);
  try {
    return await writeFormats(parts, progress.step);
  } finally {
    progress.close();
  }
}

async function writeFormats(parts: ReportParts, progress: (step: string) => void) {
  const { view, folder, environment, formats = DEFAULT_FORMATS } = parts;
  const out = path.resolve(
    environment.cwd,
    parts.out ?? path.join(folder.reports, view.experimentId),
  );
  progress("reading the ledger");
  const evidence = gatherEvidence(view);
  const report = readReport(evidence, parts.ledger, parts.budgets);
  const pictures = picturesOf(report);
  const source = {
    ledger: parts.ledger,
    ...papersIn(parts),
    report,
    withCode: parts.withCode ?? true,
    document: buildDocument(report, pictures),
    evidence,
    drawn: await drawAll(formats, pictures, progress),
  };
  const written: string[] = [];
  for (const format of formats) {
    progress(`writing ${format}`);
    written.push(...(await filesOf(format, source)).map((file) => writeFile(out, file)));
  }
  return written[0] ?? out;
}

/** The places that the papers of windows are read from. */
export function papersIn({
  folder: { root },
  environment,
}: Pick<ReportParts, "folder" | "environment">) {
  const read = async (finals: readonly FinalizedFact[]) =>
    await readDiffs(finals, { root, shorten: cut }, environment);
  return { root, readDiffs: read };
}

const DRAWN_IN: readonly ReportFormat[] = ["markdown", "html"];

/** The pictures as SVG, by their ids; none for formats without pictures. */
export async function drawAll(
  formats: readonly ReportFormat[],
  { evidence, annex }: ReportPictures,
  progress: (step: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const drawn = new Map<string, string>();
  if (!formats.some((format) => DRAWN_IN.includes(format))) return drawn;
  for (const picture of [...evidence, ...annex]) {
    progress(`drawing ${picture.id}`);
    const svg = await renderSvg(picture);
    if (svg !== null) drawn.set(picture.id, svg);
  }
  return drawn;
}

function writeFile(out: string, { name, content }: ReportFile): string {
  const file = path.join(out, name);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  } catch (cause) {
    throw new ConfigurationError(
      `${file}: the report can't be written here (${reasonOf(cause)}). Name a folder that may be written with --out.`,
    );
  }
  return file;
}
