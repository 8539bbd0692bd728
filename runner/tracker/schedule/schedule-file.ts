import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../ledger/domain/errors.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import { readTimeZone } from "../windows/window-options.ts";
import { readSchedule, type Schedule } from "./windows-file.ts";

/** Options that every command on the schedule has. */
export interface ScheduleOptions {
  readonly file: string;
  readonly timeZone?: string;
  readonly dataDir?: string;
}

/** The file of the schedule; its text is empty if there is none. */
export interface ScheduleFile {
  readonly file: string;
  readonly timeZone: string;
  /** What its jobs may run. */
  readonly commands: readonly string[];
  readonly text: string;
  readonly isThere: boolean;
}

/** The commands of this program, in their groups. */
interface Commands {
  readonly groups: readonly { readonly commands: readonly { readonly name: string }[] }[];
}

/** Reads the file that the options name. */
export function openScheduleFile(
  options: ScheduleOptions,
  environment: Environment,
  { groups }: Commands,
): ScheduleFile {
  const file = path.resolve(environment.cwd, options.file);
  const timeZone = readTimeZone(options, environment);
  const isThere = existsSync(file);
  const commands = groups.flatMap((group) => group.commands.map(({ name }) => name));
  return { file, timeZone, commands, isThere, text: isThere ? readText(file, "--file") : "" };
}

/**
 * What the file plans.
 * @throws TrackerUsageError if there is none, or with the line that is wrong.
 */
export function scheduleOf(opened: ScheduleFile): Schedule {
  if (opened.isThere) return readSchedule(opened.text, opened);
  throw new TrackerUsageError(
    `${opened.file}: expected a file with planned windows, got none. Plan one: experiment schedule add W0-07 --start … --end … --provider …`,
  );
}

/** Replaces the file as a whole, so that an interrupted write leaves the old one. */
export function writeScheduleFile(file: string, text: string): void {
  const draft = `${file}.${String(process.pid)}`;
  writeText(draft, text, `--file ${file}`);
  renameSync(draft, file);
}

/** Writes a file that the user named. */
export function writeText(file: string, text: string, option: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new TrackerUsageError(
      `${option}: expected a file that can be written, got: ${reasonOf(error)}. Name another one.`,
    );
  }
}

/** Reads a file that the user named. */
export function readText(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new TrackerUsageError(
      `${option} ${file}: expected a text file, got none (${reasonOf(error)}). Name an existing one.`,
    );
  }
}
