import { tokensIn } from "../../../../ledger/domain/token-basis.ts";
import { countNoun, formatCount } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import type { IngestedGroup } from "../../../tracker/ingest/counted-groups.ts";
import { type IngestResult, TOTAL_FELL } from "../../../tracker/ingest/ingest-usage.ts";
import type { PossibleTwin, UsageElsewhere } from "../../../tracker/ingest/misplaced-usage.ts";
import type { EventPlace } from "../../../tracker/ingest/place-events.ts";
import { nameOf } from "../../../tracker/windows/manual-window.ts";
import type { OutdatedCompletion } from "../../../tracker/windows/outdated-completions.ts";
import { sayOutdated } from "../../ledger/say-outdated.ts";

interface IngestManner {
  readonly source: string;
  /** Whether programs sent it, and it was not in files. */
  readonly isReceived: boolean;
  readonly columns: number | undefined;
  readonly outdated: readonly OutdatedCompletion[];
  readonly misplaced: readonly string[];
}

/** What an ingest has read and written. */
export function sayIngested(result: IngestResult, manner: IngestManner): string {
  const { files, events, written, groups, problems } = result;
  const { source, isReceived, columns, outdated, misplaced } = manner;
  const read = countNoun(files, isReceived ? "export" : "file");
  const head = `${source}: ${read} read, ${countNoun(events, "event")}`;
  const there = events - written;
  const known = there === 0 ? "" : `, ${String(there)} there already`;
  const ends =
    result.rows.length === 0
      ? ". Nothing new: nothing was written."
      : ". Kept as the baseline of later reports: nothing counts yet.";
  return [
    `${head}${written === 0 ? ends : `, ${String(written)} new${sayUnplaced(groups)}${known}.`}`,
    ...(groups.length === 0 ? [] : ["", groupTable(groups, columns)]),
    ...(misplaced.length === 0 ? [] : ["", ...misplaced]),
    ...(outdated.length === 0 ? [] : ["", ...outdated.map(sayOutdated)]),
    ...(problems.size === 0 ? [] : ["", ...sayProblems(problems)]),
  ].join("\n");
}

/** How many of the new events are in no window, and why. */
function sayUnplaced(groups: readonly IngestedGroup[]): string {
  const unplaced = groups.flatMap(({ place, events }) =>
    place.key === null ? [{ reason: place.reason, events }] : [],
  );
  if (unplaced.length === 0) return "";
  const events = unplaced.reduce((sum, one) => sum + one.events, 0);
  const reasons = new Set(unplaced.map(({ reason }) => reason));
  return ` (${String(events)} in no window: ${[...reasons].join(", ")})`;
}

function groupTable(groups: readonly IngestedGroup[], columns: number | undefined): string {
  const head = ["WINDOW", "LANE", "MODEL", "EVENTS", "TOKENS", "CACHED", "OUTPUT"];
  const rows = groups.map(({ place, lane, model, events, usage }) => {
    return [
      sayPlace(place),
      lane,
      toPlainLine(model ?? "–"),
      formatCount(events),
      formatCount(tokensIn("uncached", usage)),
      formatCount(usage.cache_read ?? null),
      formatCount(usage.output ?? null),
    ];
  });
  return plainTable([head, ...rows], { columns });
}

function sayPlace(place: EventPlace): string {
  return place.key === null ? `none (${place.reason})` : toPlainLine(nameOf(place.key));
}

function sayProblems(problems: IngestResult["problems"]): readonly string[] {
  return [...problems].map(([reason, { count, first }]) => {
    if (reason === TOTAL_FELL) {
      return `${reason}: ${countNoun(count, "count")} fell, so counting started again, first ${toPlainLine(first.file)}.`;
    }
    const where = `${toPlainLine(first.file)}, line ${String(first.line)}`;
    return `${reason}: ${countNoun(count, "line")} not read, first in ${where}. ${toPlainLine(first.text)}`;
  });
}

/** Events that are in another window than a user may think. */
export function sayElsewhere({ events, key, rows, id }: UsageElsewhere): string {
  const name = key === null ? "no window" : nameOf(key);
  const said = events === 1 ? "1 event is" : `${formatCount(events)} events are`;
  const [noun, more] = rows === 1 ? ["row", ""] : ["rows", ` (the first of ${formatCount(rows)})`];
  return toPlainLine(
    `${said} in ${name} already. To move this use, undo its ${noun} first: experiment undo --id ${id}${more}`,
  );
}

export function sayTwin({ window, provider, known }: PossibleTwin): string {
  return toPlainLine(
    `${window} is new for ${provider}; ${known} has it. If these are its tokens, undo them, and read them again with --provider ${known}.`,
  );
}

/** The same for programs. */
export function ingestedJson({ files, events, written, rows, groups, problems }: IngestResult) {
  return {
    files,
    events,
    new_events: written,
    rows,
    groups: groups.map(({ place, lane, model, events: own, usage }) => ({
      window: place.key?.window ?? null,
      attempt: place.key?.attempt ?? null,
      provider: place.key?.provider ?? null,
      agent: place.key?.agent ?? null,
      reason: place.key === null ? place.reason : null,
      lane,
      model,
      events: own,
      usage,
    })),
    problems: [...problems].map(([reason, { count, first }]) => ({
      reason,
      count,
      file: first.file,
      line: first.line,
      text: first.text,
    })),
  };
}
