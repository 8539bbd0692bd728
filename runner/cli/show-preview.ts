import path from "node:path";
import { styleText } from "node:util";

import type { Style } from "../../reports/format/budget-lines.ts";
import { renderRunEnd } from "../../reports/format/render-answer.ts";
import { renderPreview, renderPreviewOf } from "../../reports/format/render-preview.ts";
import type { ReportData } from "../../reports/report/report-data.ts";
import { COLUMNS } from "../../reports/text/wrap-text.ts";
import type { Environment, Output } from "../environment.ts";
import { TrackerUsageError } from "../tracker/tracker-errors.ts";
import { columnsOf } from "./columns.ts";
import { isLiveTerminal } from "./display/live-terminal.ts";
import type { UsedWindow } from "./used-without-reading.ts";

interface PreviewParts {
  readonly report: ReportData;
  readonly json: boolean;
  readonly environment: Environment;
  /** Windows that the report leaves out. */
  readonly used?: readonly UsedWindow[];
}

/** The state of the experiment as text or, for scripts, as the report's JSON. */
export function showPreview({ report, json, environment, used = [] }: PreviewParts): string {
  return json
    ? JSON.stringify(report, null, 2)
    : renderPreview(report, {
        style: styleFor(environment.stdout, environment),
        nowMs: environment.clock.nowMs(),
        columns: columnsOf(environment),
        attention: used.map(({ line }) => line),
      });
}

interface EndParts {
  readonly file: string;
  /** A sentence on stderr that a terminal shows above the answer. */
  readonly above: string | null;
}

/**
 * One window of the preview.
 * @throws TrackerUsageError if the experiment has no such window.
 */
export function showWindow(
  window: string,
  { report, json, environment, used = [] }: PreviewParts,
): string {
  const only = used.filter((one) => one.window === window);
  const lines = report.ran.schedule.filter((line) => line.window === window);
  const text = renderPreviewOf(window, report, columnsOf(environment));
  if (text === undefined && only.length > 0 && !json) {
    return `${only.map(({ line }) => line).join("\n")}\n\nexperiment audit --window ${window} says what it lacks.`;
  }
  if (text === undefined) {
    throw new TrackerUsageError(
      `--window ${window}: expected a window of this experiment, got an unknown one. "experiment preview" lists them.`,
    );
  }
  if (json) return JSON.stringify(lines, null, 2);
  return [...only.map(({ line }) => `${line}\n`), text].join("\n");
}

/** A run's answer in a few lines or, for scripts, the report's JSON. */
export function showRunEnd(parts: PreviewParts & EndParts): string {
  const { report, json, environment, file, above } = parts;
  if (json) return showPreview(parts);
  const columns = columnsOf(environment) ?? COLUMNS;
  return renderRunEnd(report, {
    file: path.relative(environment.cwd, file),
    columns,
    above: above === null || !isLiveTerminal(environment) ? 0 : Math.ceil(above.length / columns),
  });
}

/** Colours on a terminal, unless `NO_COLOR` is set. */
export function styleFor(output: Output, { variables }: Environment): Style | undefined {
  const refuses = (variables["NO_COLOR"] ?? "") !== "";
  if (output.isTTY !== true || refuses) return undefined;
  return (colour, text) => styleText(colour, text, { validateStream: false });
}
