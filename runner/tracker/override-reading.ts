import type { Meter } from "../../ledger/domain/meter.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { livingId } from "./content-id.ts";
import { featureOf, keyFields, type ManualWindowRows, rowsOfWindow } from "./manual-window.ts";
import { noteBreaches } from "./reading-anomalies.ts";
import { judgeLateness, judgeReading, type WantedReading } from "./refuse-reading.ts";
import { snapshotRow } from "./snapshot-row.ts";
import type { ReadingPlace, TakenReading } from "./take-reading.ts";
import { type Tracker, writeAndRemember } from "./tracker.ts";

const PARSER = { name: "typed", version: "1" };

/**
 * Writes one meter that an operator typed. If the window has that reading, the new row corrects it and
 * keeps its other meters.
 * @throws InvariantRefusedError if there is no such reading and none may be taken.
 */
export async function overrideReading(
  tracker: Tracker,
  place: ReadingPlace,
  meter: Meter,
): Promise<TakenReading> {
  const { plan } = await writeAndRemember(tracker, "snapshots", (view) =>
    planOverride(view, { agent: tracker.agent, place, meter }),
  );
  const { id, isThere, meters, notes, errors } = plan;
  const breaches = await noteBreaches(tracker, place.key);
  return { place, id, isThere, meters, notes, errors, breaches };
}

function planOverride(
  view: ExperimentView,
  typed: { readonly agent: string; readonly place: ReadingPlace; readonly meter: Meter },
) {
  const { agent, place, meter } = typed;
  const { key, phase } = place;
  const rows = rowsOfWindow(view, key);
  const corrected = rows[phase];
  const { as_of: typedAt, ...content } = meter;
  const { id, isThere } = livingId(view, { agent, typed: content, ...key, phase });
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
    captured_at: typedAt,
  };
  const meters = [...read.filter(({ name }) => name !== meter.name), meter];
  const notes = [...new Set([...noted, `typed:${meter.name}`])];
  const errors = errorsOf(meter, wrong);
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
  };
  return { id, isThere, meters, notes, errors, rows: [row] };
}

const NO_READING = { meters: [], notes: [], errors: [] };

/** A correction replaces its reading; without one this is a reading of its own. */
function judge(wanted: WantedReading, rows: ManualWindowRows): readonly string[] {
  return rows[wanted.phase] === undefined
    ? judgeReading(wanted, rows)
    : judgeLateness(wanted, rows.before?.meters ?? []);
}

/** The errors of the other meters stay. */
function errorsOf({ name, resets_at: resetsAt }: Meter, errors: readonly string[]) {
  const others = errors.filter((error) => !error.startsWith(`${name}: `));
  return resetsAt === null ? [...others, `${name}: no reset was typed.`] : others;
}
