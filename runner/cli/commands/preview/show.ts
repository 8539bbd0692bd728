import path from "node:path";

import { answerBrief } from "../../../../reports/document/answer-brief.ts";
import { previewDocument, windowDocument } from "../../../../reports/document/preview-document.ts";
import { renderBlock, renderTerminal } from "../../../../reports/format/render-terminal.ts";
import type { WithoutReading } from "../../../../reports/report/manual-data.ts";
import type { ReportData } from "../../../../reports/report/report-data.ts";
import { COLUMNS } from "../../../../reports/text/wrap-text.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import { columnsOf } from "../../columns.ts";
import { isLiveTerminal, styleFor } from "../../display/live-terminal.ts";
import type { UsedWindow } from "../../ledger/used-without-reading.ts";

export interface PreviewParts {
  readonly report: ReportData;
  readonly json: boolean;
  readonly environment: Environment;
  /** Windows that the report leaves out. */
  readonly used?: readonly UsedWindow[];
}

/** The state of the experiment as text or, for scripts, as the report's JSON. */
export function showPreview({ report, json, environment, used = [] }: PreviewParts): string {
  if (json) return JSON.stringify(withUsed(report, withoutReadingOf(used)), null, 2);
  const nowMs = environment.clock.nowMs();
  return renderTerminal(previewDocument(report, { nowMs, attention: used.map(lineOf) }), {
    style: styleFor(environment.stdout, environment),
    columns: columnsOf(environment),
  });
}

function lineOf({ line }: UsedWindow): string {
  return line;
}

function withoutReadingOf(used: readonly UsedWindow[]): readonly WithoutReading[] {
  return used.flatMap(({ without }) => without ?? []);
}

function withUsed(report: ReportData, windows: readonly WithoutReading[]): ReportData {
  const { by_hand: manual } = report;
  if (manual === null || windows.length === 0) return report;
  return { ...report, by_hand: { ...manual, without_reading: windows } };
}

interface EndParts {
  readonly file: string;
  /** A sentence on stderr that a terminal shows above the answer. */
  readonly above: string | null;
}

const NAMED_MAX = 5;

/** @throws TrackerUsageError if the experiment has no such window. */
export function checkWindow(window: string, { report, used = [] }: PreviewParts): void {
  const windows = [...report.ran.schedule, ...used].flatMap((one) => one.window ?? []);
  const known = [...new Set(windows)];
  if (known.includes(window)) return;
  const named = known.slice(0, NAMED_MAX).join(", ");
  const more = known.length > NAMED_MAX ? ` or ${known.length - NAMED_MAX} more` : "";
  const mend = known.length === 0 ? "It has none yet." : `Write one of ${named}${more}.`;
  throw new TrackerUsageError(
    `--window ${window}: expected a window of this experiment, got an unknown one. ${mend}`,
  );
}

/**
 * One window of the preview.
 * @throws TrackerUsageError if the experiment has no such window.
 */
export function showWindow(window: string, parts: PreviewParts): string {
  checkWindow(window, parts);
  const { report, json, environment, used = [] } = parts;
  const only = used.filter((one) => one.window === window);
  if (json) {
    const lines = report.ran.schedule.filter((line) => line.window === window);
    return JSON.stringify([...lines, ...withoutReadingOf(only)], null, 2);
  }
  const document = windowDocument(window, report);
  const rest =
    document === undefined
      ? `experiment audit --window ${window} says what it lacks.`
      : renderTerminal(document, { columns: columnsOf(environment) });
  return [...(only.length === 0 ? [] : [only.map(lineOf).join("\n")]), rest].join("\n\n");
}

/** A run's answer in a few lines or, for scripts, the report's JSON. */
export function showRunEnd(parts: PreviewParts & EndParts): string {
  const { report, json, environment, file, above } = parts;
  if (json) return showPreview(parts);
  const columns = columnsOf(environment) ?? COLUMNS;
  const isShown = above !== null && isLiveTerminal(environment);
  const end = answerBrief(report, path.relative(environment.cwd, file));
  return renderBlock(end, { columns, above: isShown ? Math.ceil(above.length / columns) : 0 });
}
