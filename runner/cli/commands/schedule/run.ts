import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { timestampOf } from "../../../../ledger/domain/timestamp.ts";
import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { createDataFolder, locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { holdLock, isFree } from "../../../platform/locks/hold-lock.ts";
import { ScheduleFollower } from "../../../tracker/schedule/follow-schedule.ts";
import { writeLocalMoment } from "../../../tracker/schedule/local-moment.ts";
import { comingOccasions, type Occasion } from "../../../tracker/schedule/occasions.ts";
import {
  openScheduleFile,
  type ScheduleOptions,
  scheduleOf,
} from "../../../tracker/schedule/schedule-file.ts";
import type { Schedule } from "../../../tracker/schedule/windows-file.ts";
import {
  InvariantRefusedError,
  TrackerUsageError,
} from "../../../tracker/windows/tracker-errors.ts";
import { readTimeZone } from "../../../tracker/windows/window-options.ts";
import { withExistingTracker } from "../../../tracker/windows/with-tracker.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, Program } from "../../definition.ts";
import { done, doneIf, doneWith } from "../../result.ts";
import type * as definitions from "./definition.ts";

/** The wall clock is read again and again, since it may be set and the machine may sleep. */
const POLL_MS = 1000;
const BUFFER_SECONDS_MIN = 300;
const BUFFER_SECONDS_MAX = 3600;

/** Waits for what is planned and does it, until Ctrl-C. */
export const scheduleRun: CodeOf<typeof definitions.scheduleRun> = async (
  options,
  environment,
  program,
) => {
  const bufferMs = readBuffer(options.bufferSeconds) * 1000;
  const timeZone = readTimeZone(options, environment);
  const folder = locateDataFolder(options.dataDir, environment);
  scheduleOf(openScheduleFile(options, environment, program));
  createDataFolder(folder);
  const lock = path.join(folder.state, "schedule.lock");
  if (!isFree(lock)) {
    throw new InvariantRefusedError(
      `${lock}: expected no other schedule run for this data folder, got one. End it first, or name another folder with --data-dir.`,
    );
  }
  const release = holdLock(lock);
  const end = new AbortController();
  const stopListening = environment.onInterrupt(() => end.abort());
  try {
    const place = { folder, timeZone, bufferMs };
    const follower = new ScheduleFollower({ ...place, ...meansOf(options, environment, program) });
    const next = sayNext(follower.schedule, environment.clock.nowMs(), timeZone);
    environment.stderr.write(`${next}${options.once === true ? "" : " Ctrl-C ends it."}\n`);
    for (;;) {
      await follower.doWhatIsDue(end.signal);
      if (end.signal.aborted) return { exitCode: EXIT.interrupted, output: "" };
      if (options.once === true) return doneIf(!follower.hasFailed, done(""));
      await sleep(POLL_MS, undefined, { signal: end.signal }).catch(() => undefined);
    }
  } finally {
    stopListening();
    release();
  }
};

/** What a schedule reads, runs and notifies people with. */
function meansOf(options: ScheduleOptions, environment: Environment, program: Program) {
  return {
    environment,
    open: () => {
      const opened = openScheduleFile(options, environment, program);
      return { file: opened.file, read: () => scheduleOf(opened) };
    },
    useView: async <Value>(use: (view: ExperimentView) => Value) =>
      await withExistingTracker(options, environment, ({ ledger: { view } }) => use(view)),
    run: program.run,
    say: (line: string) => void environment.stdout.write(`${toPlainLine(line)}\n`),
    warn: (line: string) => void environment.stderr.write(`${toPlainLine(line)}\n`),
  };
}

function readBuffer(text: string): number {
  const seconds = /^\d{1,4}$/u.test(text) ? Number(text) : Number.NaN;
  if (seconds >= BUFFER_SECONDS_MIN && seconds <= BUFFER_SECONDS_MAX) return seconds;
  throw new TrackerUsageError(
    `--buffer-seconds: expected ${String(BUFFER_SECONDS_MIN)} to ${String(BUFFER_SECONDS_MAX)}, got ${JSON.stringify(text)}. A pane may show the old period for five minutes after a reset: write e.g. 300.`,
  );
}

/** Shows what comes next. */
export const scheduleNext: CodeOf<typeof definitions.scheduleNext> = async (
  options,
  environment,
  program,
) => {
  const opened = openScheduleFile(options, environment, program);
  const nowMs = environment.clock.nowMs();
  const coming = comingOccasions(scheduleOf(opened), nowMs, opened.timeZone);
  const next = coming.filter(({ plannedMs }) => plannedMs === coming[0]?.plannedMs);
  const data = next.map(({ plannedMs, title, job }) => ({
    at: timestampOf(plannedMs),
    title,
    command: job?.line ?? null,
  }));
  const say = () =>
    next.length === 0
      ? NOTHING
      : `${tableOf(next, opened.timeZone, columnsOf(environment))}\n\nLocal times of ${opened.timeZone}.`;
  return doneWith(options, data, say);
};

const NOTHING = "No later reading or job is planned.";

function tableOf(next: readonly Occasion[], timeZone: string, columns: number | undefined): string {
  const rows = next.map((one) => rowOf(one, timeZone));
  return plainTable([["when", "what", "command"], ...rows], { columns, wrap: "command" });
}

function rowOf({ plannedMs, title, job }: Occasion, timeZone: string): readonly string[] {
  const what = job === undefined ? "(a notification)" : toPlainLine(job.line);
  return [writeLocalMoment(plannedMs, timeZone), title, what];
}

function sayNext(schedule: Schedule, nowMs: number, timeZone: string): string {
  const [next] = comingOccasions(schedule, nowMs, timeZone);
  if (next === undefined) return NOTHING;
  return `Next: ${writeLocalMoment(next.plannedMs, timeZone)} ${next.title}.`;
}
