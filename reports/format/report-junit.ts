import type { WindowLine } from "../evidence/observe-windows.ts";
import type { ReportData } from "../report/report-data.ts";
import { formatFixed } from "../text/number-text.ts";
import { gateSuites } from "./gate-junit.ts";
import { type CaseEnd, type JunitSuite, renderJunit } from "./junit.ts";

/** A report as JUnit XML: each window a case with its own reason, then the verdict of the gates. */
export function renderReportJunit(report: ReportData): string {
  const { title: name, ledger } = report;
  return renderJunit({ name, ledger }, [
    ...answerSuite(report),
    ...windowSuites(report),
    ...(report.gate === null ? [] : gateSuites(report.gate)),
  ]);
}

function answerSuite({ answers }: ReportData): readonly JunitSuite[] {
  if (answers.length === 0) return [];
  return [
    {
      name: "the answer",
      cases: answers.map((answer) => ({
        classname: answer.candidate,
        name: "cheaper and as good",
        end: endOfAnswer(answer),
      })),
    },
  ];
}

/** An open question is not a failure. */
function endOfAnswer({ verdict, sentence }: ReportData["answers"][number]): CaseEnd {
  if (verdict === "yes") return { kind: "passed" };
  return { kind: verdict === "no" ? "failure" : "skipped", message: sentence };
}

function windowSuites({ ran: { schedule } }: ReportData): readonly JunitSuite[] {
  return [...Map.groupBy(schedule, ({ provider }) => provider)].map(([provider, own]) => ({
    name: `windows of ${provider}`,
    cases: own.map((line) => ({
      classname: provider,
      name: `${line.window ?? "no id yet"}: ${line.feature_id}`,
      end: endOfWindow(line),
    })),
  }));
}

function endOfWindow(line: WindowLine): CaseEnd {
  const { state, outcome, reason } = line;
  if (state === "not_run") return { kind: "skipped", message: "not run" };
  const why = reason === null ? "" : `: ${reason}`;
  if (state === "missing") return { kind: "skipped", message: `missing, ${outcome ?? ""}${why}` };
  if (outcome === "pass") return { kind: "passed" };
  return { kind: "failure", message: `${outcome ?? ""}: ${sayScenarios(line)}${why}` };
}

function sayScenarios({ scenarios, scenarios_passed, quality }: WindowLine): string {
  const passed =
    (scenarios ?? 0) === 0
      ? "no scenario was run"
      : `${scenarios_passed ?? 0} of ${scenarios} scenarios passed`;
  return quality === null ? passed : `${passed}, quality ${formatFixed(quality, 3)}`;
}
