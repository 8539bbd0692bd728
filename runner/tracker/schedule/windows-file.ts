import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { type Job, readJob } from "./job.ts";
import { readLocalMoment, writeLocalMoment } from "./local-moment.ts";
import type { Refuse } from "./refuse.ts";
import { planKey, type ScheduledWindow } from "./scheduled-window.ts";

/** One line of the file, unchanged, and what it says. */
interface PlannedLine {
  readonly number: number;
  readonly planned: ScheduledWindow;
}

/** What `windows.local.txt` says. */
export interface Schedule {
  readonly windows: readonly PlannedLine[];
  readonly jobs: readonly Job[];
}

interface FilePlace {
  /** For messages. */
  readonly file: string;
  readonly timeZone: string;
  /** The names of the commands that a job may run. */
  readonly commands: readonly string[];
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/u;
const MOMENT = String.raw`2\S{9}[ \t]+\S+|2\S{9}T\S+`;
const LINE = new RegExp(
  String.raw`^(?<start>${MOMENT})[ \t]+(?<end>${MOMENT})[ \t]+(?<window>\S+)[ \t]+(?<agent>\S+)[ \t]+(?<provider>\S+)$`,
  "u",
);
const FORM = "2026-10-26 10:00  2026-10-26 15:00  W0-07  main  codex";

/**
 * Reads the windows and the jobs of a file. Blank lines and lines that begin with `#` say nothing.
 * @throws TrackerUsageError with file, line, value and remedy.
 */
export function readSchedule(text: string, place: FilePlace): Schedule {
  const windows: PlannedLine[] = [];
  const jobs: Job[] = [];
  for (const [index, line] of linesOf(text).entries()) {
    const said = line.trim();
    if (said === "" || said.startsWith("#")) continue;
    const refuse = refusal(`${place.file}:${String(index + 1)}`);
    if (/^job\b/u.test(said)) jobs.push(readJob(said, { commands: place.commands, refuse }));
    else windows.push({ number: index + 1, planned: readWindow(said, place.timeZone, refuse) });
  }
  refuseConflicts(windows, place.file);
  return { windows, jobs };
}

function refusal(where: string): Refuse {
  return (fault) => {
    throw new TrackerUsageError(`${where}: ${fault}`);
  };
}

function readWindow(line: string, timeZone: string, refuse: Refuse): ScheduledWindow {
  const found = LINE.exec(line)?.groups;
  if (found === undefined) {
    refuse(
      `expected start, end, window, agent and provider, got ${JSON.stringify(line)}. Write e.g. ${FORM}`,
    );
  }
  const { start = "", end = "", window = "", agent = "", provider = "" } = found;
  for (const [what, name] of Object.entries({ window, agent, provider })) {
    if (NAME.test(name)) continue;
    refuse(
      `expected a ${what} of up to 64 letters, digits, ".", "_" or "-", got ${JSON.stringify(name)}. Write e.g. ${FORM}`,
    );
  }
  const startMs = readMoment(start, timeZone, refuse);
  const endMs = readMoment(end, timeZone, refuse);
  if (endMs <= startMs) {
    refuse(
      `expected an end after ${start}, got ${end}. Write a later end; a time that clocks show twice needs its offset, e.g. 2026-10-25 02:30+01:00.`,
    );
  }
  return { startMs, endMs, window, agent, provider };
}

function readMoment(text: string, timeZone: string, refuse: Refuse): number {
  const read = readLocalMoment(text.replace(/[ \t]+/u, " "), timeZone);
  return "fault" in read ? refuse(read.fault) : read.epochMs;
}

/** A window is planned once, and a provider's windows of one agent do not overlap. */
function refuseConflicts(windows: readonly PlannedLine[], file: string): void {
  const keys = new Map<string, number>();
  const ends = new Map<string, PlannedLine>();
  for (const line of windows) {
    const before = keys.get(planKey(line.planned));
    if (before !== undefined) {
      refusal(`${file}:${String(line.number)}`)(
        `expected a window that no other line plans, got ${planKey(line.planned)}, which line ${String(before)} has. Remove one of them.`,
      );
    }
    keys.set(planKey(line.planned), line.number);
  }
  for (const line of windows.toSorted((one, two) => one.planned.startMs - two.planned.startMs)) {
    const owner = `${line.planned.agent} ${line.planned.provider}`;
    const former = ends.get(owner);
    if (former !== undefined && former.planned.endMs > line.planned.startMs) {
      refusal(`${file}:${String(line.number)}`)(
        `expected a start of ${line.planned.window} at or after the end of ${former.planned.window} (line ${String(former.number)}), got an overlap: the meters of ${line.planned.provider} can't separate the windows. Move one of them.`,
      );
    }
    ends.set(owner, line);
  }
}

/** The line of a window as people read it. */
export function windowLine(planned: ScheduledWindow, timeZone: string): string {
  const { startMs, endMs, window, agent, provider } = planned;
  const times = [startMs, endMs].map((moment) => writeLocalMoment(moment, timeZone));
  return [...times, window, agent, provider].join("  ");
}

/**
 * Writes planned windows into the text of a file: a window that a line plans replaces that line, any
 * other one comes last. All other lines stay as they are.
 */
export function planWindows(
  text: string,
  planned: readonly ScheduledWindow[],
  place: FilePlace,
): string {
  const there = new Map(
    readSchedule(text, place).windows.map((line) => [planKey(line.planned), line]),
  );
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = linesOf(text);
  const added: string[] = [];
  for (const one of planned) {
    const line = there.get(planKey(one));
    if (line === undefined) added.push(windowLine(one, place.timeZone));
    else if (line.planned.startMs !== one.startMs || line.planned.endMs !== one.endMs) {
      lines[line.number - 1] = windowLine(one, place.timeZone);
    }
  }
  const isEnded = lines.at(-1) === "";
  const all = [...(isEnded ? lines.slice(0, -1) : lines), ...added, ""].join(end);
  return added.length === 0 && !isEnded ? lines.join(end) : all;
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/u);
}
