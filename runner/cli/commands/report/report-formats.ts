import { readFileSync } from "node:fs";
import path from "node:path";

import { sayMeant } from "../../../../ledger/domain/nearest-name.ts";
import { renderCsv } from "../../../../reports/format/render-csv.ts";
import {
  METHOD_FILE,
  PICTURE_FOLDER,
  renderMarkdown,
} from "../../../../reports/format/render-markdown.ts";
import { renderReportJunit } from "../../../../reports/format/report-junit.ts";
import { type PageSources, writePage } from "../../../../reports/page/page-content.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { packageFolder } from "../../../platform/environment/package-folder.ts";
import { readPageAssets } from "./page-assets.ts";

/** What a report is written from. */
export interface ReportSource extends PageSources {
  readonly withCode: boolean;
}

/** A file of a report; its name is a path below the report's folder. */
export interface ReportFile {
  readonly name: string;
  readonly content: string;
}

type Write = (source: ReportSource) => readonly ReportFile[] | Promise<readonly ReportFile[]>;

/** The files of each format; the first one is the one to open. */
const FORMATS = {
  markdown: ({ document, drawn }) => [
    { name: "report.md", content: renderMarkdown(document) },
    { name: METHOD_FILE, content: methodPage() },
    ...[...drawn].map(([id, svg]) => ({
      name: path.join(PICTURE_FOLDER, `${id}.svg`),
      content: svg,
    })),
  ],
  html: async (source) => [
    {
      name: "report.html",
      content: await writePage(source, { ...source, assets: readPageAssets() }),
    },
  ],
  json: ({ report }) => [{ name: "report.json", content: `${JSON.stringify(report, null, 2)}\n` }],
  csv: ({ document }) =>
    renderCsv(document).map(({ name, content }) => ({ name: path.join("csv", name), content })),
  junit: ({ report }) => [{ name: "junit.xml", content: renderReportJunit(report) }],
} as const satisfies Readonly<Record<string, Write>>;

export type ReportFormat = keyof typeof FORMATS;

/** What a person wants who names no format. */
export const DEFAULT_FORMATS: readonly ReportFormat[] = ["markdown", "html", "json"];

export async function filesOf(
  format: ReportFormat,
  source: ReportSource,
): Promise<readonly ReportFile[]> {
  const write: Write = FORMATS[format];
  return await write(source);
}

/**
 * Reads `markdown,csv` or `all`.
 * @throws ConfigurationError naming the format that is meant.
 */
export function readFormats(text: string | undefined): readonly ReportFormat[] {
  if (text === undefined) return DEFAULT_FORMATS;
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("all")) return ALL;
  return ALL.filter((format) => names.map(readFormat).includes(format));
}

// The keys of the table are the formats.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const ALL = Object.keys(FORMATS) as readonly ReportFormat[];

function readFormat(name: string): ReportFormat {
  const found = ALL.find((format) => format === name);
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `--format: expected a list of ${ALL.join(", ")}, or all, got "${name}".${sayMeant(name, ALL)}`,
  );
}

const LOCAL_LINK = /\[(?<text>[^\]]+)\]\((?!#|https?:)[^)\s]+\)/gu;

/** The page that explains the figures, without links to pages that are not in its folder. */
function methodPage(): string {
  const page = readFileSync(path.join(packageFolder(), "docs", "method.md"), "utf8");
  return page.replaceAll(LOCAL_LINK, "$<text>");
}
