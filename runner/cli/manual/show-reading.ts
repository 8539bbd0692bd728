import type { Meter } from "../../../ledger/domain/meter.ts";
import type { CapacityDelta } from "../../../ledger/domain/window.ts";
import { formatCount } from "../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
import type { CountedTokens } from "../../tracker/windows/audit-window.ts";
import { nameOf } from "../../tracker/windows/manual-window.ts";
import type { TakenReading } from "../../tracker/windows/take-reading.ts";
import { doneIf, doneWith, type Result } from "../result.ts";

/**
 * Readings as text or for a script; the command fails if one of them has no meter.
 * @param more - Lines for people, below the readings.
 */
export function showReadings(
  readings: readonly TakenReading[],
  options: { readonly json?: boolean },
  more: readonly string[] = [],
): Result {
  const isUnreadable = readings.some(({ meters }) => meters.length === 0);
  const say = () => [...readings.map(sayReading), ...more].join("\n");
  return doneIf(!isUnreadable, doneWith(options, readings.map(toJson), say));
}

/** `5h 17 percent used, resets 2025-10-19T11:01:00.000Z` */
export function sayMeter({
  name,
  used,
  unit,
  resets_at: resetsAt,
  is_idle: isIdle,
}: Meter): string {
  const period = isIdle === true ? "no period runs" : `resets ${resetsAt ?? "unknown"}`;
  return `${toPlainLine(name)} ${String(used)} ${unit} used, ${period}`;
}

/** `5h +6 percent`, or why it is not known. */
export function sayDelta({ name, delta, unit, flag }: CapacityDelta): string {
  const said = delta === null ? `unknown (${flag ?? "no reason"})` : `+${String(delta)} ${unit}`;
  return `${toPlainLine(name)} ${said}`;
}

/** `150, counted by claude-session` */
export function sayTokens({ count, by }: CountedTokens): string {
  if (count === null) return "unknown, no source has any";
  const source = by === "proxy" ? "the proxy" : by;
  const counter = source === null ? "which no source has any more" : `counted by ${source}`;
  return `${formatCount(count)}, ${toPlainLine(counter)}`;
}

function sayReading({ place, id, isThere, meters, notes, errors, breaches }: TakenReading): string {
  const what = `${nameOf(place.key)} ${place.phase}`;
  return [
    isThere
      ? `${what}: the same is there already; nothing was written.`
      : meters.length === 0
        ? `${what}: nothing could be read; the capture is kept with its errors. Take it again.`
        : `${what}: ${String(meters.length)} ${meters.length === 1 ? "meter" : "meters"} read.`,
    ...meters.map((meter) => `  ${sayMeter(meter)}`),
    ...notes.map((note) => `  note: ${toPlainLine(note)}`),
    ...errors.map((error) => `  error: ${toPlainLine(error)}`),
    ...breaches.map(({ kind, observed, action }) => {
      const { meter } = observed;
      const which = typeof meter === "string" ? ` (${toPlainLine(meter)})` : "";
      return `  anomaly: ${kind}${which}. ${action}`;
    }),
    `  row ${id}`,
  ].join("\n");
}

function toJson({ place, id, isThere, meters, notes, errors, breaches }: TakenReading) {
  const anomalies = breaches.map(({ kind, touches }) => ({ kind, touches }));
  const { key, phase } = place;
  return { ...key, phase, id, is_there: isThere, meters, notes, errors, anomalies };
}
