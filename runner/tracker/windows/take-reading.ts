import type { Meter } from "../../../ledger/domain/meter.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { claudeUsage } from "../../../ledger/sources/claude-usage/parse.ts";
import { codexStatus } from "../../../ledger/sources/codex-status/parse.ts";
import { glmQuota } from "../../../ledger/sources/glm-quota/parse.ts";
import type { PaneParser, PaneReading } from "../../../ledger/sources/pane-reading.ts";
import type { SnapshotFact } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { describeCapture, keepCapture, keepCaptureAgain } from "./keep-capture.ts";
import {
  featureOf,
  keyFields,
  type ManualWindow,
  type ManualWindowRows,
  type Phase,
  remarkFields,
  rowsOfWindow,
  snapshotRow,
} from "./manual-window.ts";
import { giveWay } from "./proxy-reading.ts";
import { ACCEPT_IDLE, type Breach, noteBreaches } from "./reading-anomalies.ts";
import { judgeReading, type WantedReading } from "./refuse-reading.ts";
import { livingId, type Tracker, writeAndRemember } from "./tracker.ts";

/** The programs whose panes can be read. */
const PANE_PARSERS = {
  codex: codexStatus,
  claude: claudeUsage,
  glm: glmQuota,
} satisfies Record<string, PaneParser>;
type PaneSource = keyof typeof PANE_PARSERS;

/** A captured pane. */
export interface PaneCapture {
  readonly source: PaneSource;
  readonly text: string;
  readonly capturedAt: string;
  readonly timeZone: string;
}

/** Says which window a capture belongs to, and which reading it is. */
export interface ReadingPlace {
  readonly key: ManualWindow;
  readonly phase: Phase;
  readonly isLate: boolean;
  /** The operator says that nothing was used, if the pane is that of the before. */
  readonly isIdle?: boolean;
  /** What the operator remarks. */
  readonly remark?: string | undefined;
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
    const planned = places.map((place) => planReading(view, { capture, reading, place }));
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
    readonly capture: PaneCapture;
    readonly reading: PaneReading;
    readonly place: ReadingPlace;
  },
) {
  const { capture, reading, place } = taken;
  const { key, phase } = place;
  const kept = describeCapture(capture.text);
  const { source } = capture;
  const rows = rowsOfWindow(view, key);
  const idleness = idlenessOf(rows, place, kept.raw_sha256);
  const isAccepted = idleness === "accepted";
  // The time is left out: the same capture may be handed in again at any time.
  const content = {
    source,
    raw_sha256: kept.raw_sha256,
    ...key,
    phase,
    ...(isAccepted ? { accepts_idle: true } : {}),
  };
  const { id, isThere } = livingId(view, content);
  if (isThere) return { place, id, isThere, row: undefined };
  // The operator's word about a pane that was taken before leaves its figures and its time.
  const first = isAccepted && rows.after?.raw_sha256 === kept.raw_sha256 ? rows.after : undefined;
  const { meters, captured_at, time_zone, operator_notes } = first ?? newFields(reading, capture);
  const wanted = { ...place, capturedAt: captured_at, meters };
  const { late, former } = judgeInPlace(rows, wanted, first);
  const row: NewRow = {
    ...snapshotRow({
      key: keyFields(key, featureOf(rows)),
      phase,
      meters: meters.map(idleness === "unproven" ? markDuplicate : unmarked),
      parser: PANE_PARSERS[source],
      capture: kept,
      notes: [...reading.notes, ...late, ...(isAccepted ? [ACCEPT_IDLE] : [])],
      errors: reading.errors,
    }),
    id,
    captured_at,
    time_zone,
    ...(former === undefined ? {} : { supersedes: former.id }),
    ...remarkFields(place.remark ?? operator_notes),
  };
  return { place, id, isThere, row };
}

function newFields({ meters }: PaneReading, { capturedAt, timeZone }: PaneCapture) {
  return { meters, captured_at: capturedAt, time_zone: timeZone, operator_notes: undefined };
}

/** Whether an after is byte for byte its before, and whether the operator says that nothing was used. */
function idlenessOf(
  { before }: ManualWindowRows,
  { phase, isIdle = false }: ReadingPlace,
  sha256: string,
): "moved" | "unproven" | "accepted" {
  if (phase === "before" || before?.raw_sha256 !== sha256) return "moved";
  return isIdle ? "accepted" : "unproven";
}

/** Judges a reading, and says which one it replaces: that of a vendor, or the same pane. */
function judgeInPlace(
  rows: ManualWindowRows,
  wanted: WantedReading,
  same: SnapshotFact | undefined,
) {
  const others =
    same === undefined ? giveWay(rows, wanted.phase) : { ...rows, [wanted.phase]: undefined };
  const late = judgeReading(wanted, others);
  // Only a readable capture replaces a vendor reading.
  const isReplaced = others !== rows && wanted.meters.length > 0;
  return { late, former: isReplaced ? rows[wanted.phase] : undefined };
}

function markDuplicate(meter: Meter): Meter {
  return { ...meter, is_duplicate: true };
}

function unmarked({ is_duplicate: _mark, ...meter }: Meter): Meter {
  return meter;
}

/** The reading as its row has it: parsed again, its times might resolve differently. */
function recordedReading({ ledger }: Tracker, id: string, parsed: PaneReading): PaneReading {
  const fact = ledger.view.findRow(id);
  const { meters, notes, errors } = fact?.kind === "snapshot" ? fact : parsed;
  return { meters, notes, errors };
}
