import type { ReportData } from "../report/report-data.ts";
import { anomalySection } from "./anomaly-section.ts";
import { answerSection } from "./answer-section.ts";
import { budgetSection } from "./budget-section.ts";
import type { PictureBlock, ReportDocument, Section } from "./document.ts";
import { endSection } from "./end-section.ts";
import { evidenceSection } from "./evidence-section.ts";
import { gateSection } from "./gate-section.ts";
import { machineSections } from "./machine-section.ts";
import { METHOD } from "./method.ts";
import { nextSection } from "./next-section.ts";
import { pairSection } from "./pair-section.ts";
import { providerSection } from "./provider-section.ts";
import { reconciliationSection } from "./reconciliation-section.ts";
import { registrationSection } from "./registration-section.ts";
import { resourceSection } from "./resource-section.ts";
import { openAgentLines, uncountedLines } from "./shared-lines.ts";
import { teamSections } from "./team-section.ts";
import { versionSection } from "./version-section.ts";
import { windowSection } from "./window-section.ts";

const SCRIPTED =
  "The model was scripted. Agents, proxy, budgets, grading and ledger were real; the answers came from a script. The figures show that the way works and say nothing about any real model.";

/** Pictures of the report: those of the evidence, and more for the annex. */
interface Pictures {
  readonly evidence: readonly PictureBlock[];
  readonly annex: readonly PictureBlock[];
}

/** Everything that a report says, in the order in which people ask. */
export function buildDocument(
  report: ReportData,
  pictures: Pictures = { evidence: [], annex: [] },
): ReportDocument {
  const open = openAgentLines(report);
  return {
    title: report.title,
    warnings: [...(report.is_scripted ? [SCRIPTED] : []), ...open, ...uncountedLines(report)],
    ...(open.length === 0 ? {} : { method: METHOD.isolation }),
    sections: [
      answerSection(report),
      evidenceSection(report, pictures.evidence),
      nextSection(report),
      gateSection(report),
      registrationSection(report),
      windowSection(report),
      pairSection(report),
      providerSection(report),
      ...teamSections(report),
      budgetSection(report),
      anomalySection(report),
      endSection(report),
      reconciliationSection(report),
      resourceSection(report),
      ...machineSections(report),
      versionSection(report),
      ...annexSection(pictures.annex),
    ],
  };
}

function annexSection(pictures: readonly PictureBlock[]): readonly Section[] {
  return pictures.length === 0
    ? []
    : [{ id: "annex", title: "Annex: more pictures", blocks: pictures }];
}
