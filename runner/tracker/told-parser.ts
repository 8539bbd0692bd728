import type { SnapshotFact } from "../../ledger/views/experiment-fact.ts";
import type { HandWindowRows } from "./hand-window.ts";

/** Names the readings that come from a vendor's headers. */
export const TOLD = { name: "vendor-headers", version: "1" };

/** Names the readings of the proxy's own counter. */
export const COUNTED = { name: "proxy-counter", version: "1" };

/**
 * The window's rows without what a vendor told, or the proxy counted, as this reading: whoever captures it
 * takes its place. A before is taken before the work, so that it stays once there is an after.
 */
export function giveWay(rows: HandWindowRows, phase: "before" | "after"): HandWindowRows {
  if (phase === "before" && rows.after !== undefined) return rows;
  return isTold(rows[phase]) ? { ...rows, [phase]: undefined } : rows;
}

function isTold(reading: SnapshotFact | undefined): boolean {
  return reading?.parser === TOLD.name || reading?.parser === COUNTED.name;
}
