import path from "node:path";

import { timestampOf } from "../../../../ledger/domain/timestamp.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { readCalendar, writeCalendar } from "../../../tracker/schedule/calendar.ts";
import { describeJobTime } from "../../../tracker/schedule/job.ts";
import { readLocalMoment, writeLocalMoment } from "../../../tracker/schedule/local-moment.ts";
import { formerPlan, planAll } from "../../../tracker/schedule/plan-into-file.ts";
import {
  openScheduleFile,
  readText,
  scheduleOf,
  writeText,
} from "../../../tracker/schedule/schedule-file.ts";
import type { ScheduledWindow } from "../../../tracker/schedule/scheduled-window.ts";
import { windowLine } from "../../../tracker/schedule/windows-file.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import { readAgent } from "../../../tracker/windows/tracker.ts";
import { checkProvider, checkWindow } from "../../../tracker/windows/window-options.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith, done } from "../../result.ts";
import type * as definitions from "./definition.ts";

/** Plans one window. */
export const scheduleAdd: CodeOf<typeof definitions.scheduleAdd> = async (
  options,
  environment,
  program,
) => {
  const opened = openScheduleFile(options, environment, program);
  const momentOf = (option: string, text: string): number => {
    const moment = readLocalMoment(text, opened.timeZone);
    if ("epochMs" in moment) return moment.epochMs;
    throw new TrackerUsageError(`${option}: ${moment.fault}`);
  };
  const planned: ScheduledWindow = {
    window: checkWindow(options.window, "<window>"),
    agent: readAgent(options.agent, environment),
    provider: checkProvider(options.provider),
    startMs: momentOf("--start", options.start),
    endMs: momentOf("--end", options.end),
  };
  if (planned.endMs <= planned.startMs) {
    throw new TrackerUsageError(
      `--end: expected a time after ${options.start}, got ${options.end}. Write a later one.`,
    );
  }
  const former = formerPlan(planned, opened);
  await planAll([planned], opened, { options, environment });
  const line = windowLine(planned, opened.timeZone);
  const data = { file: opened.file, ...dataOf(planned) };
  return doneWith(options, data, () => `${opened.file}: ${line}${former}`);
};

/** Plans the windows of a calendar. */
export const scheduleImport: CodeOf<typeof definitions.scheduleImport> = async (
  options,
  environment,
  program,
) => {
  const opened = openScheduleFile(options, environment, program);
  const file = path.resolve(environment.cwd, options.calendar);
  const text = readText(file, "<calendar>");
  const { windows, others } = readCalendar(text, { file, timeZone: opened.timeZone });
  await planAll(windows, opened, { options, environment });
  const data = { file: opened.file, windows: windows.map(dataOf), other_events: others };
  return doneWith(
    options,
    data,
    () =>
      `${opened.file}: windows of the calendar: ${String(windows.length)}. Events that plan none: ${String(others)}.`,
  );
};

/** Lists what the file plans. */
export const scheduleList: CodeOf<typeof definitions.scheduleList> = async (
  options,
  environment,
  program,
) => {
  const opened = openScheduleFile(options, environment, program);
  const { windows, jobs } = scheduleOf(opened);
  const planned = windows
    .map((line) => line.planned)
    .toSorted((one, two) => one.startMs - two.startMs);
  const data = {
    file: opened.file,
    time_zone: opened.timeZone,
    windows: planned.map(dataOf),
    jobs: jobs.map((job) => ({ when: describeJobTime(job.when), command: job.line })),
  };
  const say = () => {
    const layout = { columns: columnsOf(environment), wrap: "command" };
    const rows = planned.map(({ startMs, endMs, window, agent, provider }) => [
      ...[startMs, endMs].map((moment) => writeLocalMoment(moment, opened.timeZone)),
      window,
      agent,
      provider,
    ]);
    const lines = jobs.map(({ when, line }) => [describeJobTime(when), toPlainLine(line)]);
    return [
      plainTable([["start", "end", "window", "agent", "provider"], ...rows], layout),
      ...(lines.length === 0 ? [] : ["", plainTable([["job", "command"], ...lines], layout)]),
      "",
      `Local times of ${opened.timeZone}, from ${opened.file}.`,
    ].join("\n");
  };
  return doneWith(options, data, say);
};

/** Writes the planned windows as a calendar. */
export const scheduleExport: CodeOf<typeof definitions.scheduleExport> = async (
  options,
  environment,
  program,
) => {
  const { windows } = scheduleOf(openScheduleFile(options, environment, program));
  const calendar = writeCalendar(
    windows.map(({ planned }) => planned),
    environment.clock.nowMs(),
  );
  if (options.out === undefined) return { ...done(calendar), isExact: true };
  const out = path.resolve(environment.cwd, options.out);
  writeText(out, calendar, `--out ${out}`);
  return done(`${out}: windows: ${String(windows.length)}.`);
};

function dataOf({ startMs, endMs, window, agent, provider }: ScheduledWindow) {
  const [start, end] = [startMs, endMs].map(timestampOf);
  return { start, end, window, agent, provider };
}
