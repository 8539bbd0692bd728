import type { Meter } from "../../../ledger/domain/meter.ts";
import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { isPlausibleReset } from "../../../ledger/sources/local-time.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import {
  featureOf,
  keyFields,
  type ManualWindowRows,
  remarkFields,
  rowsOfWindow,
  snapshotRow,
} from "./manual-window.ts";
import { noteBreaches } from "./reading-anomalies.ts";
import { judgeLateness, judgeReading, type WantedReading } from "./refuse-reading.ts";
import type { ReadingPlace, TakenReading } from "./take-reading.ts";
import { TrackerUsageError } from "./tracker-errors.ts";
import { livingId, type Tracker, writeAndRemember } from "./tracker.ts";

const PARSER = { name: "typed", version: "1" };

/**
 * Writes the meters that an operator typed, in one row. If the window has that reading, the new row
 * corrects it and keeps its other meters.
 * @throws InvariantRefusedError if there is no such reading and none may be taken.
 */
export async function overrideReading(
  tracker: Tracker,
  place: ReadingPlace,
  meters: readonly Meter[],
): Promise<TakenReading> {
  const { plan } = await writeAndRemember(tracker, "snapshots", (view) =>
    planOverride(view, { place, typed: meters }),
  );
  const { rows: _, ...reading } = plan;
  return { place, ...reading, breaches: await noteBreaches(tracker, place.key) };
}

function planOverride(
  view: ExperimentView,
  said: { readonly place: ReadingPlace; readonly typed: readonly Meter[] },
) {
  const { place } = said;
  const { key, phase, remark } = place;
  const rows = rowsOfWindow(view, key);
  const corrected = rows[phase];
  const contents = said.typed.map(({ as_of: _typedAt, ...content }) => content);
  // One meter alone keeps the id that it has in older ledgers.
  const content = contents.length === 1 ? contents[0] : contents;
  const { id, isThere } = livingId(view, { typed: content, ...key, phase });
  const there = isThere ? view.findRow(id) : undefined;
  if (there?.kind === "snapshot") {
    const { meters, notes, errors } = there;
    return { id, isThere, meters, notes, errors, rows: [] };
  }
  const {
    meters: read,
    notes: noted,
    errors: wrong,
    captured_at: capturedAt,
  } = corrected ?? {
    ...NO_READING,
    captured_at: said.typed[0]?.as_of ?? "",
  };
  // A correction says what the meter showed then, whenever it is typed.
  const typed = said.typed.map((meter) => ({ ...meter, as_of: capturedAt }));
  for (const meter of typed) refuseImplausible(meter);
  const isTyped = ({ name }: Meter) => typed.some((meter) => meter.name === name);
  const meters = [...read.filter((meter) => !isTyped(meter)), ...typed];
  const notes = [...new Set([...noted, ...typed.map(({ name }) => `typed:${name}`)])];
  const errors = typed.reduce((others, meter) => errorsOf(meter, others), wrong);
  const late = judge({ ...place, capturedAt, meters }, rows);
  const row = {
    ...snapshotRow({
      key: keyFields(key, featureOf(rows)),
      phase,
      meters,
      parser: PARSER,
      notes: [...notes, ...late],
      errors,
    }),
    id,
    source: "override" as const,
    captured_at: capturedAt,
    ...(corrected === undefined ? {} : { supersedes: corrected.id }),
    ...remarkFields(remark ?? corrected?.operator_notes),
  };
  return { id, isThere, meters, notes, errors, rows: [row] };
}

const MS_PER_MINUTE = 60_000;

/** A typed reset of another period would let the meter's use be counted in one that it is not of. */
function refuseImplausible(meter: Meter): void {
  const { name, resets_at: resetsAt, limit_window_minutes: minutes, as_of: readAt } = meter;
  if (resetsAt === null || resetsAt === undefined || minutes === null) return;
  const place = { readAtMs: epochMsOf(readAt), windowMs: minutes * MS_PER_MINUTE };
  if (isPlausibleReset(epochMsOf(resetsAt), place)) return;
  throw new TrackerUsageError(
    `reset-implausible: expected a reset of ${name} within ${String(minutes)} minutes of the reading at ${readAt}, got ${resetsAt}. Correct it, or say with --at when the reading was taken, or with --minutes how long the limit's window is.`,
  );
}

const NO_READING = { meters: [], notes: [], errors: [] };

/** A correction replaces its reading; without one this is a reading of its own. */
function judge(wanted: WantedReading, rows: ManualWindowRows): readonly string[] {
  return rows[wanted.phase] === undefined
    ? judgeReading(wanted, rows)
    : judgeLateness(wanted, rows.before?.meters ?? []);
}

/** The errors of the other meters stay. */
function errorsOf(
  { name, resets_at: resetsAt }: Meter,
  errors: readonly string[],
): readonly string[] {
  const others = errors.filter((error) => !error.startsWith(`${name}: `));
  return resetsAt === null ? [...others, `${name}: no reset was typed.`] : others;
}
