import type { ReportData } from "../report/report-data.ts";
import { dollarSection } from "./dollar-lines.ts";
import { anomalySection, budgetSection, provenanceSections } from "./markdown-annex.ts";
import { decisionSection } from "./markdown-decision.ts";
import { costSection, pairSection, providerSection } from "./markdown-results.ts";
import { askedSection, ranSection } from "./markdown-run.ts";
import { escapeMarkdown } from "./markdown-text.ts";
import { trafficTouches } from "./touched-counts.ts";
import { trafficLines } from "./traffic-lines.ts";

/** A report as GitHub-flavoured markdown. The same report gives the same bytes. */
export function renderMarkdown(report: ReportData): string {
  const blocks = [
    `# ${escapeMarkdown(report.title)}`,
    ...(report.is_scripted ? [SCRIPTED] : []),
    ...askedSection(report),
    ...ranSection(report),
    ...providerSection(report),
    ...trafficSection(report),
    ...pairSection(report),
    ...costSection(report),
    ...dollarSection(report),
    ...decisionSection(report),
    ...anomalySection(report),
    ...budgetSection(report),
    ...provenanceSections(report),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function trafficSection(report: ReportData): readonly string[] {
  const [title, ...lines] = trafficLines(report.traffic, (provider) =>
    trafficTouches(report, provider),
  );
  return title === undefined ? [] : ["## Subagent Proxy", ["```", ...lines, "```"].join("\n")];
}

const SCRIPTED =
  "**The model was scripted.** Agents, proxy, budgets, grading and ledger were real; the answers came from a script. The figures show that the way works and say nothing about any real model.";
