import type { Meter } from "../../ledger/domain/meter.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import type { PaneReading } from "../../ledger/sources/pane-reading.ts";
import { rememberRows } from "./agent-state.ts";
import { livingId } from "./content-id.ts";
import {
  featureOf,
  type HandWindow,
  type HandWindowRows,
  keyFields,
  rowsOfWindow,
} from "./hand-window.ts";
import { describeCapture, keepCapture, keepCaptureAgain } from "./keep-capture.ts";
import { type PaneCapture, PANE_PARSERS } from "./pane.ts";
import { type Breach, readingBreaches, recordBreaches } from "./reading-anomalies.ts";
import { judgeReading, type WantedReading } from "./refuse-reading.ts";
import { snapshotRow } from "./snapshot-row.ts";
import { giveWay } from "./told-parser.ts";
import type { Tracker } from "./tracker.ts";

/** Which reading of which window a capture is. */
export interface ReadingPlace {
  readonly key: HandWindow;
  readonly phase: "before" | "after";
  readonly isLate: boolean;
}

/** A reading as it stands in the ledger now. */
export interface TakenReading {
  readonly place: ReadingPlace;
  readonly id: string;
  /** The same capture was there already; nothing was written. */
  readonly isThere: boolean;
  readonly meters: readonly Meter[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
  /** Breaches by the window's readings as they stand. */
  readonly breaches: readonly Breach[];
}

/**
 * Reads one pane as the given readings, all of them or none.
 * @throws InvariantRefusedError where one of them may not be taken.
 */
export async function takeReadings(
  tracker: Tracker,
  capture: PaneCapture,
  places: readonly ReadingPlace[],
): Promise<readonly TakenReading[]> {
  const parser = PANE_PARSERS[capture.source];
  const reading = parser.parse(capture.text, capture);
  const { plan } = await tracker.ledger.write("snapshots", (view) => {
    const planned = places.map((place) => {
      const content = contentOf(tracker, capture, place);
      const { id, isThere } = livingId(view, content);
      if (isThere) return { place, id, isThere, row: undefined };
      const rows = rowsOfWindow(view, place.key);
      const wanted = { ...place, ...capture, meters: reading.meters };
      const { notes, former } = judge(wanted, rows);
      const row: NewRow = {
        ...snapshotRow({
          key: keyFields(place.key, featureOf(rows)),
          phase: place.phase,
          meters: reading.meters,
          parser,
          capture: describeCapture(capture.text),
          notes: [...reading.notes, ...notes],
          errors: reading.errors,
        }),
        id,
        source: "alias",
        agent_id: tracker.agent,
        captured_at: capture.capturedAt,
        time_zone: capture.timeZone,
        ...(former === undefined ? {} : { supersedes: former.id }),
      };
      return { place, id, isThere, row };
    });
    const rows = planned.flatMap(({ row }) => (row === undefined ? [] : [row]));
    // Before the rows that cite it.
    if (rows.length > 0) keepCapture(tracker.folder, capture.text);
    return { planned, rows };
  });
  // Had it been cleaned away just before its row came, it would be lost.
  if (plan.rows.length > 0) keepCaptureAgain(tracker.folder, capture.text);
  rememberRows(
    tracker.folder,
    tracker.agent,
    plan.rows.map(({ id }) => String(id)),
  );
  return await Promise.all(
    plan.planned.map(async ({ place, id, isThere }) => ({
      place,
      id,
      isThere,
      ...(recordedReading(tracker, id) ?? reading),
      breaches: await noteBreaches(tracker, place.key),
    })),
  );
}

/** Writes down how the window's readings breach the invariants, and says it. */
export async function noteBreaches(tracker: Tracker, key: HandWindow): Promise<readonly Breach[]> {
  const breaches = readingBreaches(tracker.ledger.view, key);
  await recordBreaches(tracker, key, breaches);
  return breaches;
}

/** As it was read when it was written: read again, its times might be resolved otherwise. */
function recordedReading({ ledger }: Tracker, id: string): PaneReading | undefined {
  const fact = ledger.view.findRow(id);
  if (fact?.kind !== "snapshot") return undefined;
  const { meters, notes, errors } = fact;
  return { meters, notes, errors };
}

/** What makes a capture the same when it is handed in again, at whatever time. */
function contentOf({ agent }: Tracker, { source, text }: PaneCapture, place: ReadingPlace) {
  const { raw_sha256 } = describeCapture(text);
  return { agent, source, raw_sha256, ...place.key, phase: place.phase };
}

/** What a vendor told is no first reading: a capture that could be read takes its place. */
function judge(wanted: WantedReading, rows: HandWindowRows) {
  const others = giveWay(rows, wanted.phase);
  const notes = judgeReading(wanted, others).length > 0 ? ["late-after"] : [];
  const takesPlace = others !== rows && wanted.meters.length > 0;
  return { notes, former: takesPlace ? rows[wanted.phase] : undefined };
}
