/**
 * The reports of Counterbalance as a library: `counterbalance`.
 *
 * `buildReport` makes the data of a report from a view of `counterbalance/ledger`. The other functions write it.
 */
export { buildReport } from "./report/build-report.ts";
export { ReportData } from "./report/report-data.ts";
export { buildDocument } from "./document/build-document.ts";
export type { PictureBlock, ReportDocument } from "./document/document.ts";
export { renderMarkdown } from "./format/render-markdown.ts";
export { picturesOf, type ReportPictures } from "./pictures/pictures-of.ts";
export { renderSvg } from "./pictures/render-svg.ts";
