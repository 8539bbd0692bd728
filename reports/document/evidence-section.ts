import type { ReportData } from "../report/report-data.ts";
import { costParts } from "./cost-part.ts";
import type { PictureBlock, Section } from "./document.ts";
import { textOf } from "./parts.ts";

/** The evidence in pictures, then in figures. */
export function evidenceSection(report: ReportData, pictures: readonly PictureBlock[]): Section {
  const { comparisons } = report;
  return {
    id: "evidence",
    title: "The evidence",
    blocks: [
      ...pictures,
      ...(comparisons.length === 0 ? [textOf("No candidate is compared with a baseline.")] : []),
    ],
    parts: costParts(report),
  };
}
