import type { Meter } from "../../ledger/domain/meter.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { rememberRows } from "./agent-state.ts";
import { livingId } from "./content-id.ts";
import { featureOf, type HandWindowRows, keyFields, rowsOfWindow } from "./hand-window.ts";
import { judgeLateness, judgeReading, type WantedReading } from "./refuse-reading.ts";
import { snapshotRow } from "./snapshot-row.ts";
import { noteBreaches, type ReadingPlace, type TakenReading } from "./take-reading.ts";
import type { Tracker } from "./tracker.ts";

const PARSER = { name: "typed", version: "1" };

/**
 * Writes one meter that an operator typed. Where the window has that reading already, this is a
 * correction of it: the other meters stay, the corrected row counts no more.
 * @throws InvariantRefusedError where there is no such reading and none may be taken.
 */
export async function overrideReading(
  tracker: Tracker,
  place: ReadingPlace,
  meter: Meter,
): Promise<TakenReading> {
  const { key } = place;
  const { plan } = await tracker.ledger.write("snapshots", (view) =>
    planOverride({ tracker, view, place, meter }),
  );
  rememberRows(tracker.folder, tracker.agent, plan.rows.length > 0 ? [plan.id] : []);
  const { id, isThere, meters, notes, errors } = plan;
  return { place, id, isThere, meters, notes, errors, breaches: await noteBreaches(tracker, key) };
}

interface Override {
  readonly tracker: Tracker;
  readonly view: ExperimentView;
  readonly place: ReadingPlace;
  readonly meter: Meter;
}

function planOverride({ tracker, view, place, meter }: Override) {
  const { key, phase } = place;
  const rows = rowsOfWindow(view, key);
  const corrected = rows[phase];
  const { as_of: typedAt, ...typed } = meter;
  const { id, isThere } = livingId(view, { agent: tracker.agent, typed, ...key, phase });
  const there = isThere ? view.findRow(id) : undefined;
  if (there?.kind === "snapshot") {
    const { meters, notes, errors } = there;
    return { id, isThere, meters, notes, errors, rows: [] };
  }
  const meters = [...othersOf(meter, corrected), meter];
  const notes = [...new Set([...(corrected?.notes ?? []), `typed:${meter.name}`])];
  const errors = errorsOf(meter, corrected);
  const wanted = { ...place, capturedAt: corrected?.captured_at ?? typedAt, meters };
  const late = judge(wanted, rows);
  const row: NewRow = {
    ...snapshotRow({
      key: keyFields(key, featureOf(rows)),
      phase,
      meters,
      parser: PARSER,
      notes: [...notes, ...late],
      errors,
    }),
    id,
    source: "override",
    agent_id: tracker.agent,
    captured_at: wanted.capturedAt,
    ...(corrected === undefined ? {} : { supersedes: corrected.id }),
  };
  return { id, isThere, meters, notes, errors, rows: [row] };
}

function othersOf({ name: typed }: Meter, corrected: HandWindowRows["before"]) {
  return corrected?.meters.filter(({ name }) => name !== typed) ?? [];
}

/** What was wrong with the other meters stays wrong with them. */
function errorsOf({ name, resets_at: resetsAt }: Meter, corrected: HandWindowRows["before"]) {
  const others = (corrected?.errors ?? []).filter((error) => !error.startsWith(`${name}: `));
  return resetsAt === null ? [...others, `${name}: no reset was typed.`] : others;
}

/** A correction takes the place of its reading; only a reading of its own can be a second one. */
function judge(wanted: WantedReading, rows: HandWindowRows): readonly string[] {
  const late =
    rows[wanted.phase] === undefined
      ? judgeReading(wanted, rows)
      : judgeLateness(wanted, rows.before?.meters ?? []);
  return late.length > 0 ? ["late-after"] : [];
}
