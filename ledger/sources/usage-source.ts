import { BAD_USAGE } from "../domain/anomaly.ts";
import { parseJson } from "../domain/parse-json.ts";
import type { Timestamp } from "../domain/timestamp.ts";
import type { IngestedEvent, Lane } from "../domain/usage-ingested.ts";
import type { Usage } from "../domain/usage.ts";

/** One use of a model. */
interface UsageEvent {
  readonly kind: "event";
  readonly session: string;
  /** For a source of several providers: the one that it belongs to, unless the user names another. */
  readonly provider?: string;
  readonly event: IngestedEvent;
}

/** A count that only grows. Its event is what it has grown since it was read last. */
export interface UsageTotal {
  readonly kind: "total";
  readonly session: string;
  readonly provider?: string;
  /** The kind of report that it is in. Reports of several kinds repeat the same tokens, so each kind is its own source. */
  readonly report?: string;
  /** Identifies the count: the same count read later has the same key. */
  readonly key: string;
  readonly total: Usage;
  /** The source's own figure, which grows with the count. */
  readonly cost_usd?: number;
  /**
   * What a first reading says: the count began at zero, or its beginning is unknown. `later-counts`: it is that of a
   * period, which ends its key. It began at zero if the key is later than all that were read before.
   */
  readonly first: "counts" | "baseline" | "later-counts";
  /** A smaller count with the same key is an older reading, and no new beginning. */
  readonly onlyGrows?: true;
  /** The event without its id and usage, which follow from the difference. */
  readonly event: {
    readonly at: Timestamp | null;
    readonly lane: Lane;
    readonly model: string | null;
    readonly from_counter?: true;
  };
}

/** A line that could not be read. It is reported and counts as nothing. */
export interface UsageProblem {
  readonly kind: "problem";
  readonly line: number;
  /** In a word, such as `not-json`. */
  readonly reason: string;
  /** What was expected, and what was there. */
  readonly text: string;
  /** The time and the provider of the use, if its counts can't be right and the line names them. */
  readonly at?: Timestamp | null;
  readonly provider?: string;
}

export type UsageReading = UsageEvent | UsageTotal | UsageProblem;

/** Reads one file, line by line. */
export interface UsageReader {
  line(text: string, number: number): readonly UsageReading[];
  /** Called once after the last line. */
  end(): readonly UsageReading[];
}

/** Facts that hold before a file is read. */
export interface ReadContext {
  /** Its name, for sessions that have no other. */
  readonly file: string;
  /** When it is read. */
  readonly readAt: Timestamp;
  /** The provider that the user names, or the source's own. */
  readonly provider: string;
}

/** Reads the files of one foreign format. Its version changes whenever the same bytes may be read differently. */
export interface UsageSource {
  readonly name: string;
  readonly version: string;
  /** The provider whose windows the events belong to, unless the user names another. */
  readonly provider: string;
  /** The files of a folder that are read, by their names. A star matches any text. */
  readonly names: readonly string[];
  /** A line without any of these texts says nothing, and is not decoded; absent: every line is. */
  readonly marks?: readonly string[];
  open(context: ReadContext): UsageReader;
}

/** A reader of logs with a JSON value in each line. */
export function jsonLines(
  read: (value: unknown, number: number) => readonly UsageReading[],
): UsageReader {
  return {
    line(text, number) {
      const value = parseJson(text);
      if (value === undefined) return [problem(number, "not-json", "Expected a line of JSON.")];
      return read(value, number);
    },
    end: () => [],
  };
}

/** A reader of documents that are one JSON value, however many lines it has. */
export function documentReader(
  read: (text: string) => readonly UsageReading[],
  charactersMax = DOCUMENT_CHARACTERS_MAX,
): UsageReader {
  let text = "";
  let isTooLong = false;
  return {
    line(line) {
      if (text.length + line.length > charactersMax) isTooLong = true;
      else text += `${line}\n`;
      return [];
    },
    end() {
      if (isTooLong) {
        const most = String(charactersMax);
        return [problem(1, "too-large", `Expected at most ${most} characters, got more.`)];
      }
      return text.trim() === "" ? [EMPTY] : read(text);
    },
  };
}

/** The program that should have written it has probably failed. */
export const EMPTY = problem(1, "empty", "Expected a report, got nothing.");

const DOCUMENT_CHARACTERS_MAX = 64 * 1024 * 1024;

export function problem(line: number, reason: string, text: string): UsageProblem {
  return { kind: "problem", line, reason, text };
}

/** Use of a model whose counts can't be right. */
export function unknownUse(
  line: number,
  text: string,
  about: Pick<UsageProblem, "at" | "provider"> = {},
): UsageProblem {
  return { ...problem(line, BAD_USAGE, text), ...about };
}

export function badTime(line: number, got: unknown): UsageProblem {
  return problem(line, "bad-time", `Expected a timestamp, got ${JSON.stringify(got)}.`);
}

export function sayNotWhole(place: string, got: unknown): string {
  const shown = (JSON.stringify(got) ?? "nothing").slice(0, SHOWN_MAX);
  return `Expected whole numbers of tokens in ${place}, got ${shown}.`;
}

const SHOWN_MAX = 200;
