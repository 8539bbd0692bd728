import type { Meter } from "../domain/meter.ts";
import type { Timestamp } from "../domain/timestamp.ts";

/** When and where a pane was captured: its local times are read by these. */
export interface Capture {
  readonly capturedAt: Timestamp;
  /** IANA name of the zone that the pane's clock showed, where the pane does not say itself. */
  readonly timeZone: string;
}

/** What a pane said. What could not be read is in `errors`. It never gets a default. */
export interface PaneReading {
  readonly meters: readonly Meter[];
  readonly errors: readonly string[];
  readonly notes: readonly string[];
}

/** Reads one vendor's pane. Its version changes whenever the same text may be read differently. */
export interface PaneParser {
  readonly name: string;
  readonly version: string;
  parse(text: string, capture: Capture): PaneReading;
}

/** A capture with several panes keeps only the last one (invariant 3). */
export const MULTI_PANE_TRIMMED = "multi-pane-trimmed";
/** The pane names a reset that had passed when it was captured: its figures are older than the capture. */
export const STALE_PANE = "stale-pane";

/** Longest pane that is read, characters. A screen has some thousands. */
const PANE_CHARS_MAX = 262_144;

/** A parser that refuses panes that are too long, and two figures for one limit. */
export function paneParser(name: string, version: string, read: PaneParser["parse"]): PaneParser {
  const parse: typeof read = (text, capture) =>
    text.length > PANE_CHARS_MAX
      ? failed(`Expected at most ${PANE_CHARS_MAX} characters, got ${text.length}.`)
      : refuseTwins(read(text, capture));
  return { name, version, parse };
}

/** Marks the meters of a pane that says that its figures may be old. */
export function asStale(reading: PaneReading): PaneReading {
  return { ...reading, meters: reading.meters.map((meter) => ({ ...meter, is_stale: true })) };
}

export function failed(error: string): PaneReading {
  return { meters: [], errors: [error], notes: [] };
}

/** What the limits of a pane say together; `why` is the error of a pane that shows none. */
export function joinReadings(
  readings: readonly PaneReading[],
  why: string,
  notes: readonly string[],
): PaneReading {
  const meters = readings.flatMap(({ meters: read }) => read);
  const errors = readings.flatMap(({ errors: said }) => said);
  return {
    meters,
    errors: meters.length === 0 && errors.length === 0 ? [why] : errors,
    notes: [...notes, ...new Set(readings.flatMap(({ notes: made }) => made))],
  };
}

/** Refuses two figures for one limit: neither is guessed to be the right one. */
function refuseTwins({ meters, errors, notes }: PaneReading): PaneReading {
  const byName = Map.groupBy(meters, ({ name }) => name);
  const twins = [...byName].filter(([, shown]) => shown.length > 1);
  return {
    meters: meters.filter(({ name }) => byName.get(name)?.length === 1),
    errors: [...errors, ...twins.map(([name, shown]) => sayTwins(name, shown))],
    notes,
  };
}

function sayTwins(name: string, shown: readonly Meter[]): string {
  return `${name}: expected one figure, got ${shown.map(({ used, unit }) => `${used} ${unit === "percent" ? "%" : unit} used`).join(" and ")}.`;
}
