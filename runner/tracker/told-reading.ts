import type { Meter } from "../../ledger/domain/meter.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { epochMsOf } from "../../ledger/domain/timestamp.ts";
import type { SnapshotFact } from "../../ledger/views/experiment-fact.ts";
import {
  featureOf,
  type HandWindow,
  type HandWindowRows,
  keyFields,
  rowsOfWindow,
} from "./hand-window.ts";
import { judgeReading } from "./refuse-reading.ts";
import { snapshotRow } from "./snapshot-row.ts";
import { noteBreaches } from "./take-reading.ts";
import { COUNTED, giveWay } from "./told-parser.ts";
import type { Tracker } from "./tracker.ts";

/** What a vendor told of its meters with the answers to one window's requests, or the proxy counted of them. */
interface ToldReading {
  readonly parser: { readonly name: string; readonly version: string };
  readonly key: HandWindow;
  readonly phase: "before" | "after";
  /** At least one. */
  readonly meters: readonly Meter[];
}

/**
 * Takes what a vendor told as a reading, where nobody has captured that reading. Of what was told
 * before, the first stays; of what was told after, the last counts.
 */
export async function takeToldReading(tracker: Tracker, told: ToldReading): Promise<void> {
  const { written } = await tracker.ledger.write("snapshots", (view) => {
    const row = planRow(tracker, told, rowsOfWindow(view, told.key));
    return { rows: row === undefined ? [] : [row] };
  });
  if (written.length > 0) await noteBreaches(tracker, told.key);
}

function planRow(
  { agent, source }: Tracker,
  { parser, key, phase, meters }: ToldReading,
  rows: HandWindowRows,
): NewRow | undefined {
  const capturedAt = lastToldAt(meters);
  const former = rows[phase];
  const isWanted =
    phase === "before"
      ? former === undefined
      : isLater(capturedAt, rows) && goesWith(parser.name, rows.before);
  if (!isWanted) return undefined;
  const wanted = { key, phase, capturedAt, meters, isLate: true };
  const late = judgeReading(wanted, giveWay(rows, phase));
  return {
    ...snapshotRow({
      key: keyFields(key, featureOf(rows)),
      phase,
      meters,
      parser,
      notes: late.length > 0 ? ["late-after"] : [],
    }),
    source,
    agent_id: agent,
    captured_at: capturedAt,
    ...(former === undefined ? {} : { supersedes: former.id }),
  };
}

function lastToldAt(meters: readonly Meter[]): string {
  return meters.map(({ as_of: asOf }) => asOf).reduce((last, one) => (one > last ? one : last));
}

/**
 * An after is later than the before, and than what was told as an after. What was captured stays, and so
 * does what a window that is complete rests on.
 */
function isLater(capturedAt: string, rows: HandWindowRows): boolean {
  const { before, final } = rows;
  const { after } = giveWay(rows, "after");
  if (before === undefined || after !== undefined || final !== undefined) return false;
  return [before, rows.after].every((one) => one === undefined || isAfter(capturedAt, one));
}

/** What was counted goes with what was counted alone; a capture with what its vendor told. */
function goesWith(parser: string, before: SnapshotFact | undefined): boolean {
  return (before?.parser === COUNTED.name) === (parser === COUNTED.name);
}

function isAfter(capturedAt: string, { captured_at: at }: SnapshotFact): boolean {
  return epochMsOf(capturedAt) > epochMsOf(at);
}
