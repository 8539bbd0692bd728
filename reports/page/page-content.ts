import type { ReportDocument } from "../document/document.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { ReportData } from "../report/report-data.ts";
import { collectDetails } from "./collect-details.ts";
import { collectPapers, type PaperSources } from "./collect-papers.ts";
import { collectVerdict } from "./collect-verdict.ts";
import { collectRequests, collectWindows } from "./collect-windows.ts";
import { type PageAssets, type PageContent, renderPage } from "./render-page.ts";

/** Each window costs two starts of git. */
const PAPERS_MAX = 200;

/** What a page is made of. */
export interface PageSources extends PaperSources {
  readonly report: ReportData;
  readonly document: ReportDocument;
  /** The drawn pictures as SVG, by their ids. */
  readonly drawn: ReadonlyMap<string, string>;
}

/** The content of `report.html`. */
export async function writePage(
  sources: PageSources,
  options: { readonly withCode: boolean; readonly assets: PageAssets },
): Promise<string> {
  const places = choosePlaces(sources.evidence);
  const papers = await collectPapers(sources, places, options);
  return renderPage({ ...pageContent(sources), papers }, options.assets);
}

/** A page without papers, as a file. */
export function pageContent({
  evidence,
  report,
  document,
  drawn,
  ledger,
}: PageSources): PageContent {
  return {
    document,
    answers: report.answers,
    checked: {
      windows: collectWindows(evidence),
      requests: collectRequests(evidence),
      verdict: collectVerdict(evidence, report),
    },
    details: collectDetails(evidence, ledger.read("windows"), report.teams),
    papers: [],
    draw: ({ id }) => addressOf(drawn.get(id)),
    served: null,
  };
}

function addressOf(svg: string | undefined): string | null {
  return svg === undefined
    ? null
    : `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

/** The windows that a reader wants first before all others. */
function choosePlaces({ windows }: Evidence): readonly number[] {
  return windows
    .map((window, place) => ({ place, rank: rankOf(window), attempts: window.line.attempts }))
    .filter(({ attempts }) => attempts > 0)
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, PAPERS_MAX)
    .map(({ place }) => place);
}

/** Missing windows and those with an anomaly first, then those that did not pass. */
function rankOf({ line }: Evidence["windows"][number]): number {
  if (line.state === "missing" || line.touched_by.length > 0) return 0;
  return line.outcome === "pass" ? 2 : 1;
}
