import { parseCommandString } from "execa";

import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
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
const STARTER = "npx";
const PIPE = /[ \t]\|[ \t]/u;
const SHELL = /["'<>&;]/u;
const PLACEHOLDER = /\{(?<name>[a-z]+)\}/gu;
const FORM = "job daily 06:30 ccusage claude daily --json | experiment ingest ccusage --stdin";

/** What a line is judged by. */
export interface JobPlace {
  /** The names of our own commands. */
  readonly commands: readonly string[];
  readonly refuse: Refuse;
}

/** Reads a line such as `job after experiment snapshot after {provider} --run --window {window}`. */
export function readJob(text: string, place: JobPlace): Job {
  const refuse: Refuse = place.refuse;
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
  return { when: readTime(), line, ...readCommand(line, place) };

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

function readCommand(line: string, place: JobPlace): Pick<Job, "capture" | "command"> {
  const refuse: Refuse = place.refuse;
  refuseShell(line, refuse);
  const parts = line.split(PIPE).map((part) => parseCommandString(part));
  const [first = [], second] = parts;
  const isWhole = parts.every((words) => words.length > 0) && parts.length <= 2;
  const [own, piped] = [ownCommand(first), second && ownCommand(second)];
  if (!isWhole || (second !== undefined && (own !== undefined || piped === undefined))) {
    refuse(
      `expected one command, or a program | experiment …, got ${JSON.stringify(line)}. No shell reads it. Write e.g. ${FORM}`,
    );
  }
  const command = own ?? piped;
  if (command !== undefined) refuseUnknown(command, place);
  return { capture: own === undefined ? first : undefined, command };
}

/** A shell would give these a meaning, and a program would get them as they are. */
function refuseShell(line: string, refuse: Refuse): void {
  const [found] = SHELL.exec(line) ?? [];
  if (found !== undefined) {
    refuse(
      `expected no characters that only a shell reads, got ${found} in: ${line}. Put the line into a script of your own and name that, e.g. job daily 06:30 ./count.sh`,
    );
  }
  if (line.split(PIPE).some((part) => part.includes("|"))) {
    refuse(`expected a blank on each side of |, got ${JSON.stringify(line)}. Write e.g. ${FORM}`);
  }
}

/** The words after `experiment` or `npx experiment`; undefined for a foreign program. */
function ownCommand(words: Words): Words | undefined {
  const named = words[0] === STARTER ? words.slice(1) : words;
  return named[0] === OWN ? named.slice(1) : undefined;
}

function refuseUnknown([name]: Words, { commands, refuse }: JobPlace): void {
  if (name !== undefined && commands.includes(name)) return;
  const got = name === undefined ? "none" : JSON.stringify(name);
  const meant = name === undefined ? "" : sayMeant(name, commands);
  refuse(`expected a command of experiment, got ${got}.${meant || ` Write e.g. ${FORM}`}`);
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
