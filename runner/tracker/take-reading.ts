import type { Meter } from "../../ledger/domain/meter.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { claudeUsage } from "../../ledger/sources/claude-usage/parse.ts";
import { codexStatus } from "../../ledger/sources/codex-status/parse.ts";
import type { PaneParser, PaneReading } from "../../ledger/sources/pane-reading.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { livingId } from "./content-id.ts";
import { describeCapture, keepCapture, keepCaptureAgain } from "./keep-capture.ts";
import {
  featureOf,
  keyFields,
  type ManualWindow,
  type Phase,
  rowsOfWindow,
} from "./manual-window.ts";
import { giveWay } from "./proxy-reading.ts";
import { type Breach, noteBreaches } from "./reading-anomalies.ts";
import { judgeReading } from "./refuse-reading.ts";
import { snapshotRow } from "./snapshot-row.ts";
import { type Tracker, writeAndRemember } from "./tracker.ts";

/** The programs whose panes can be read. */
const PANE_PARSERS = { codex: codexStatus, claude: claudeUsage } satisfies Record<
  string,
  PaneParser
>;
type PaneSource = keyof typeof PANE_PARSERS;

/** A captured pane. */
export interface PaneCapture {
  readonly source: PaneSource;
  readonly text: string;
  readonly capturedAt: string;
  readonly timeZone: string;
}

/** Says which reading of which window a capture is. */
export interface ReadingPlace {
  readonly key: ManualWindow;
  readonly phase: Phase;
  readonly isLate: boolean;
}

/** A reading as it is in the ledger now. */
export interface TakenReading {
  readonly place: ReadingPlace;
  readonly id: string;
  /** The ledger had the same capture already; nothing was written. */
  readonly isThere: boolean;
  readonly meters: readonly Meter[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
  /** How the window's readings breach the invariants now. */
  readonly breaches: readonly Breach[];
}

/**
 * Reads one pane as the given readings, all of them or none.
 * @throws InvariantRefusedError if one of them may not be taken.
 */
export async function takeReadings(
  tracker: Tracker,
  capture: PaneCapture,
  places: readonly ReadingPlace[],
): Promise<readonly TakenReading[]> {
  const reading = PANE_PARSERS[capture.source].parse(capture.text, capture);
  const { plan } = await writeAndRemember(tracker, "snapshots", (view) => {
    const planned = places.map((place) => planReading(view, { tracker, capture, reading, place }));
    const rows = planned.flatMap(({ row }) => (row === undefined ? [] : [row]));
    // The capture must be there before the rows that cite it.
    if (rows.length > 0) keepCapture(tracker.folder, capture.text);
    return { planned, rows };
  });
  // `experiment clean` may have removed it just before its row was written.
  if (plan.rows.length > 0) keepCaptureAgain(tracker.folder, capture.text);
  return await Promise.all(
    plan.planned.map(async ({ place, id, isThere }) => ({
      place,
      id,
      isThere,
      ...recordedReading(tracker, id, reading),
      breaches: await noteBreaches(tracker, place.key),
    })),
  );
}

function planReading(
  view: ExperimentView,
  taken: {
    readonly tracker: Tracker;
    readonly capture: PaneCapture;
    readonly reading: PaneReading;
    readonly place: ReadingPlace;
  },
) {
  const { tracker, capture, reading, place } = taken;
  const { key, phase } = place;
  const kept = describeCapture(capture.text);
  const { source } = capture;
  // The time is left out: the same capture may be handed in again at any time.
  const content = { agent: tracker.agent, source, raw_sha256: kept.raw_sha256, ...key, phase };
  const { id, isThere } = livingId(view, content);
  if (isThere) return { place, id, isThere, row: undefined };
  const rows = rowsOfWindow(view, key);
  const others = giveWay(rows, phase);
  const late = judgeReading({ ...place, ...capture, meters: reading.meters }, others);
  // A readable capture replaces a vendor reading.
  const former = others === rows || reading.meters.length === 0 ? undefined : rows[phase];
  const row: NewRow = {
    ...snapshotRow({
      key: keyFields(key, featureOf(rows)),
      phase,
      meters: reading.meters,
      parser: PANE_PARSERS[source],
      capture: kept,
      notes: [...reading.notes, ...late],
      errors: reading.errors,
    }),
    id,
    captured_at: capture.capturedAt,
    time_zone: capture.timeZone,
    ...(former === undefined ? {} : { supersedes: former.id }),
  };
  return { place, id, isThere, row };
}

/** The reading as its row has it: parsed again, its times might resolve differently. */
function recordedReading({ ledger }: Tracker, id: string, parsed: PaneReading): PaneReading {
  const fact = ledger.view.findRow(id);
  const { meters, notes, errors } = fact?.kind === "snapshot" ? fact : parsed;
  return { meters, notes, errors };
}
