import { epochMsOf, timestampOf } from "../../../ledger/domain/timestamp.ts";
import { wallClock } from "../../../ledger/domain/wall-clock.ts";
import { describeJobTime, isCapture, type Job, type JobTime } from "./job.ts";
import { localMoment } from "./local-moment.ts";
import { planKey, type ScheduledWindow } from "./scheduled-window.ts";
import type { Schedule } from "./windows-file.ts";

/** Something that is due at a moment. */
export interface Occasion {
  /** Tells it from every other one, also after a restart. */
  readonly key: string;
  readonly plannedMs: number;
  /** What people read, e.g. `W0-07 (codex) before`. */
  readonly title: string;
  /** Undefined if a person is asked to take a reading. */
  readonly job: Job | undefined;
  /** Undefined for a job by the clock. */
  readonly reading: PlannedReading | undefined;
}

/** The moment before or after a planned window. */
export interface PlannedReading {
  readonly planned: ScheduledWindow;
  readonly phase: "before" | "after";
}

type ClockTime = Extract<JobTime, { readonly time: string }>;
type ClockJob = Job & { readonly when: ClockTime };

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

/** What was due last by each job of the clock, and with each reading of each window, in order. */
export function pastOccasions(
  schedule: Schedule,
  nowMs: number,
  timeZone: string,
): readonly Occasion[] {
  return occasionsAround(schedule, (when) =>
    momentsAround(when, nowMs, timeZone).findLast((moment) => moment <= nowMs),
  ).filter(({ plannedMs }) => plannedMs <= nowMs);
}

/** What comes next by each job of the clock, and with each reading of each window, in order. */
export function comingOccasions(
  schedule: Schedule,
  nowMs: number,
  timeZone: string,
): readonly Occasion[] {
  return occasionsAround(schedule, (when) =>
    momentsAround(when, nowMs, timeZone).find((moment) => moment > nowMs),
  ).filter(({ plannedMs }) => plannedMs > nowMs);
}

function occasionsAround(
  schedule: Schedule,
  momentOf: (when: ClockTime) => number | undefined,
): readonly Occasion[] {
  const byClock = clockJobs(schedule).map((job) =>
    clockOccasion(job, momentOf(job.when) ?? Infinity),
  );
  return inOrder([...readingOccasions(schedule), ...byClock]);
}

/** A window that ends is read before one that begins at the same moment. */
function inOrder(occasions: readonly Occasion[]): readonly Occasion[] {
  const rank = ({ reading }: Occasion) => ["after", "before", undefined].indexOf(reading?.phase);
  return occasions.toSorted((one, two) => one.plannedMs - two.plannedMs || rank(one) - rank(two));
}

function readingOccasions({ windows, jobs }: Schedule): readonly Occasion[] {
  return windows.flatMap(({ planned }) =>
    (["before", "after"] as const).flatMap((phase) => {
      const own = jobs.filter(
        ({ when }) =>
          when.kind === phase && (when.provider ?? planned.provider) === planned.provider,
      );
      const captures = own.filter(isCapture);
      const others = own.filter((job) => !isCapture(job));
      return [...(captures.length > 0 ? captures : [undefined]), ...others].map((job) =>
        readingOccasion({ planned, phase }, job),
      );
    }),
  );
}

function readingOccasion(reading: PlannedReading, job: Job | undefined): Occasion {
  const { planned, phase } = reading;
  const { window, agent, provider, startMs, endMs } = planned;
  const plannedMs = phase === "before" ? startMs : endMs;
  const who = agent === "main" ? provider : `${provider}, agent ${agent}`;
  return {
    key: [phase, planKey(planned), timestampOf(plannedMs), job?.line ?? "reminder"].join(" "),
    plannedMs,
    title: `${window} (${who}) ${phase}`,
    job,
    reading,
  };
}

function clockOccasion(job: ClockJob, plannedMs: number): Occasion {
  const title = describeJobTime(job.when);
  const at = Number.isFinite(plannedMs) ? timestampOf(plannedMs) : "never";
  return { key: `${title} ${at} ${job.line}`, plannedMs, title, job, reading: undefined };
}

function clockJobs({ jobs }: Schedule): readonly ClockJob[] {
  return jobs.flatMap(({ when, ...job }) =>
    when.kind === "daily" || when.kind === "weekly" ? [{ ...job, when }] : [],
  );
}

/** The job's moments from a week before to a week after, in order. */
function momentsAround(when: ClockTime, nowMs: number, timeZone: string): readonly number[] {
  const noonMs = epochMsOf(`${wallClock(nowMs, timeZone).date}T12:00:00.000Z`);
  const days = Array.from({ length: 2 * WEEK_DAYS + 1 }, (_, index) =>
    wallClock(noonMs + (index - WEEK_DAYS) * DAY_MS, "UTC"),
  );
  return days
    .filter(({ weekday }) => when.kind === "daily" || when.weekday === weekday)
    .map(({ date }) => localMoment(`${date}T${when.time}`, timeZone));
}
