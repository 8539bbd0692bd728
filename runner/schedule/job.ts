import { parseCommandString } from "execa";

import type { Refuse } from "./refuse.ts";

/** When a job is due: by the clock, or with the readings of each planned window. */
export type JobTime =
  | { readonly kind: "daily"; readonly time: string }
  | { readonly kind: "weekly"; readonly weekday: string; readonly time: string }
  | { readonly kind: "before" | "after"; readonly provider: string | undefined };

/** Words of a command line. No shell reads them. */
type Words = readonly string[];

/** A standing job of `schedule run`. */
export interface Job {
  readonly when: JobTime;
  /** The command line as it was written. */
  readonly line: string;
  /** A program whose output goes to the command. */
  readonly capture: Words | undefined;
  /** Our own command, without the leading `experiment`; undefined if only the program runs. */
  readonly command: Words | undefined;
}

const JOB =
  /^job[ \t]+(?:(?<daily>daily)[ \t]+(?<dailyTime>\S+)|weekly[ \t]+(?<weekday>\S+)[ \t]+(?<weeklyTime>\S+)|(?<phase>before|after)(?::(?<provider>[A-Za-z0-9][\w.-]{0,63}))?)[ \t]+(?<line>.+)$/u;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/u;
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const OWN = "experiment";
const PLACEHOLDER = /\{(?<name>[a-z]+)\}/gu;
const FORM = "job daily 06:30 ccusage claude daily --json | experiment ingest ccusage --stdin";

/** Reads a line such as `job after experiment snapshot after {provider} --run --window {window}`. */
export function readJob(text: string, refuse: Refuse): Job {
  const found = JOB.exec(text)?.groups;
  if (found === undefined) {
    refuse(
      `expected job, then daily HH:MM, weekly DAY HH:MM, before or after, then a command, got ${JSON.stringify(text)}. Write e.g. ${FORM}`,
    );
  }
  const { line = "", phase, provider, weekday } = found;
  const known = phase === undefined ? ["date"] : ["window", "agent", "provider", "date"];
  const unknown = [...line.matchAll(PLACEHOLDER)].find(([, name = ""]) => !known.includes(name));
  if (unknown !== undefined) {
    refuse(
      `expected one of {${known.join("}, {")}} in a job of that time, got ${unknown[0]}. Write one of them.`,
    );
  }
  return { when: readTime(), line, ...readCommand(line, refuse) };

  function readTime(): JobTime {
    if (phase === "before" || phase === "after") return { kind: phase, provider };
    const time = found?.["dailyTime"] ?? found?.["weeklyTime"] ?? "";
    if (!TIME.test(time)) {
      refuse(`expected a time of the day, got ${JSON.stringify(time)}. Write e.g. 06:30.`);
    }
    if (weekday === undefined) return { kind: "daily", time };
    if (!WEEKDAYS.includes(weekday)) {
      refuse(
        `expected one of ${WEEKDAYS.join(", ")}, got ${JSON.stringify(weekday)}. Write e.g. mon.`,
      );
    }
    return { kind: "weekly", weekday, time };
  }
}

function readCommand(line: string, refuse: Refuse): Pick<Job, "capture" | "command"> {
  const parts = line.split(" | ").map((part) => parseCommandString(part.trim()));
  const [first = [], second] = parts;
  const isWhole = parts.every((words) => words.length > 0) && parts.length <= 2;
  const isOwn = first[0] === OWN;
  if (!isWhole || (second !== undefined && (isOwn || second[0] !== OWN))) {
    refuse(
      `expected one command, or a program | experiment …, got ${JSON.stringify(line)}. No shell reads it. Write e.g. ${FORM}`,
    );
  }
  const own = isOwn ? first : second;
  return { capture: isOwn ? undefined : first, command: own?.slice(1) };
}

/** When the job is due, in the words of its line. */
export function describeJobTime(when: JobTime): string {
  switch (when.kind) {
    case "daily": {
      return `daily ${when.time}`;
    }
    case "weekly": {
      return `weekly ${when.weekday} ${when.time}`;
    }
    case "before":
    case "after": {
      return when.provider === undefined ? when.kind : `${when.kind}:${when.provider}`;
    }
  }
}

/** Replaces `{window}` and the like in the words of a command line. */
export function fillWords(
  words: readonly string[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  return words.map((word) =>
    word.replaceAll(PLACEHOLDER, (whole, name: string) => values[name] ?? whole),
  );
}

/** Whether the job takes the readings of a window, so that no person needs to. */
export function isCapture({ command }: Job): boolean {
  return command?.[0] === "snapshot";
}
