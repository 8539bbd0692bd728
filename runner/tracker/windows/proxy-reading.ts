import type { Meter } from "../../../ledger/domain/meter.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { SnapshotFact } from "../../../ledger/views/experiment-fact.ts";
import {
  featureOf,
  keyFields,
  type ManualWindow,
  type ManualWindowRows,
  type Phase,
  rowsOfWindow,
  snapshotRow,
} from "./manual-window.ts";
import { noteBreaches } from "./reading-anomalies.ts";
import { judgeReading } from "./refuse-reading.ts";
import type { Tracker } from "./tracker.ts";

/** The parser of readings from a vendor's headers. */
export const VENDOR_HEADERS = { name: "vendor-headers", version: "1" };

/** The parser of readings of the proxy's own counter. */
export const PROXY_COUNTER = { name: "proxy-counter", version: "1" };

/** Meters of one window that the proxy saw: from the vendor's answers, or from its own counter. */
interface ProxyReading {
  readonly parser: { readonly name: string; readonly version: string };
  readonly key: ManualWindow;
  readonly phase: Phase;
  /** At least one. */
  readonly meters: readonly Meter[];
}

/**
 * Writes what the proxy saw as a reading, unless somebody captured that reading. The first before
 * stays; the last after counts.
 */
export async function takeProxyReading(tracker: Tracker, seen: ProxyReading): Promise<void> {
  const { written } = await tracker.ledger.write("snapshots", (view) => ({
    rows: planRows(seen, rowsOfWindow(view, seen.key)),
  }));
  if (written.length > 0) await noteBreaches(tracker, seen.key);
}

/**
 * The window's rows without what the proxy saw as this reading, which a capture replaces. A before that
 * already has an after stays, because it must be taken before the work.
 */
export function giveWay(rows: ManualWindowRows, phase: Phase): ManualWindowRows {
  const parser = rows[phase]?.parser;
  const isFromProxy = parser === VENDOR_HEADERS.name || parser === PROXY_COUNTER.name;
  if (!isFromProxy || (phase === "before" && rows.after !== undefined)) return rows;
  return { ...rows, [phase]: undefined };
}

function planRows(
  { parser, key, phase, meters }: ProxyReading,
  rows: ManualWindowRows,
): readonly NewRow[] {
  const capturedAt = meters.map(({ as_of: asOf }) => asOf).reduce((a, b) => (b > a ? b : a));
  const former = rows[phase];
  const isWanted =
    phase === "before"
      ? former === undefined
      : isLater(capturedAt, rows) && goesWith(parser.name, rows.before);
  if (!isWanted) return [];
  const wanted = { key, phase, capturedAt, meters, isLate: true };
  const notes = judgeReading(wanted, giveWay(rows, phase));
  return [
    {
      ...snapshotRow({ key: keyFields(key, featureOf(rows)), phase, meters, parser, notes }),
      captured_at: capturedAt,
      ...(former === undefined ? {} : { supersedes: former.id }),
    },
  ];
}

/**
 * Whether a moment is later than the before, and than an after that the proxy saw. A captured after
 * stays, and so do the readings of a complete window.
 */
function isLater(capturedAt: string, rows: ManualWindowRows): boolean {
  const { before, final } = rows;
  const { after } = giveWay(rows, "after");
  if (before === undefined || after !== undefined || final !== undefined) return false;
  return [before, rows.after].every(
    (one) => one === undefined || epochMsOf(capturedAt) > epochMsOf(one.captured_at),
  );
}

/** The proxy's counter pairs only with itself; a capture pairs with a vendor's headers. */
function goesWith(parser: string, before: SnapshotFact | undefined): boolean {
  return (before?.parser === PROXY_COUNTER.name) === (parser === PROXY_COUNTER.name);
}
