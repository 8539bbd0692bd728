import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { EPOCH_SECONDS_MAX, epochMsOf, Timestamp } from "../../domain/timestamp.ts";
import { meterWithReset, percentMeter } from "../meter-with-reset.ts";
import { type Capture, joinReadings, type PaneReading } from "../pane-reading.ts";
import { GENERAL, limitOfMinutes } from "./limit-label.ts";

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000;
/** Codex calls limits stale when they are older. */
export const FRESH_MS = 15 * MS_PER_MINUTE;
export const STALE_LIMITS = "stale-limits";

const Window = z
  .looseObject({
    used_percent: z.number().min(0).max(100),
    window_minutes: z.int().nonnegative().nullish(),
    /** Seconds since the Unix epoch. */
    resets_at: z.int().nonnegative().max(EPOCH_SECONDS_MAX).nullish(),
    /** Older versions: seconds after the line's time. */
    resets_in_seconds: z.number().nonnegative().max(1e9).nullish(),
  })
  .nullish();
type Window = NonNullable<z.infer<typeof Window>>;

const Limits = z.looseObject({
  limit_id: z.string().nullish(),
  limit_name: z.string().nullish(),
  primary: Window,
  secondary: Window,
});

/** A line of a Codex session log that states the limits. */
const LimitsLine = z.looseObject({
  timestamp: Timestamp,
  type: z.literal("event_msg"),
  payload: z.looseObject({ type: z.literal("token_count"), rate_limits: Limits }),
});
type LimitsLine = z.infer<typeof LimitsLine>;

/** The limits that a line states, without placeholders; undefined if it states none. */
export function limitsLine(text: string): LimitsLine | undefined {
  const line = LimitsLine.safeParse(parseJson(text));
  return line.success && windowsOf(line.data).length > 0 ? line.data : undefined;
}

/** Several limits interleave: the newest line of each, as text without anything else of the session. */
export function newestLimits(lines: readonly LimitsLine[]): readonly string[] {
  const newest = new Map<string, LimitsLine>();
  for (const line of lines) {
    const id = line.payload.rate_limits.limit_id ?? GENERAL;
    const other = newest.get(id);
    if (other === undefined || epochMsOf(other.timestamp) <= epochMsOf(line.timestamp)) {
      newest.set(id, line);
    }
  }
  return [...newest.values()].map(({ timestamp, type, payload }) => {
    const { type: event, rate_limits: limits } = payload;
    return JSON.stringify({ timestamp, type, payload: { type: event, rate_limits: limits } });
  });
}

export function isRolloutText(text: string): boolean {
  return /^[^\S\n]*\{[^\n]*"rate_limits"/mu.test(text);
}

/** Reads lines of a Codex session log. The length of a window identifies it, never its place. */
export function readRolloutLimits(text: string, capture: Capture): PaneReading {
  const lines = text.split(/\r\n|\r|\n/u).flatMap((line) => limitsLine(line) ?? []);
  const newest = newestLimits(lines).flatMap((line) => limitsLine(line) ?? []);
  const readings = newest.flatMap((line) =>
    windowsOf(line).map((window) => readWindow(window, line, capture)),
  );
  const ages = newest.map(({ timestamp }) => ageNotes(timestamp, capture));
  return joinReadings(readings, "The session log states no limits.", [...new Set(ages.flat())]);
}

/** A window without a length or a reset that was never used is a placeholder. */
function windowsOf({ payload }: LimitsLine): readonly Window[] {
  const { primary, secondary } = payload.rate_limits;
  return [primary, secondary].flatMap((window) => {
    if (window === null || window === undefined) return [];
    const { used_percent: used, window_minutes: minutes, resets_at: at } = window;
    const hasReset = (at ?? 0) > 0 || (window.resets_in_seconds ?? 0) > 0;
    return (minutes ?? 0) === 0 || (used === 0 && !hasReset) ? [] : [window];
  });
}

function ageNotes(timestamp: string, { capturedAt }: Capture): readonly string[] {
  const ageMs = epochMsOf(capturedAt) - epochMsOf(timestamp);
  const age = `as-of:${timestamp}, ${String(Math.round(ageMs / MS_PER_MINUTE))} min before the capture`;
  return ageMs > FRESH_MS ? [age, STALE_LIMITS] : [age];
}

function readWindow(window: Window, line: LimitsLine, capture: Capture): PaneReading {
  const { limit_id: id, limit_name: limitName } = line.payload.rate_limits;
  const model = (id ?? GENERAL) === GENERAL ? null : (limitName ?? id ?? "");
  const limit = limitOfMinutes(model, window.window_minutes ?? 0);
  const meter = percentMeter(limit, window.used_percent, line.timestamp);
  return meterWithReset(meter, resetOf(window, line), capture);
}

function resetOf({ resets_at: at, resets_in_seconds: ahead }: Window, { timestamp }: LimitsLine) {
  if ((at ?? 0) > 0) return (at ?? 0) * MS_PER_SECOND;
  if (ahead === null || ahead === undefined) return undefined;
  return epochMsOf(timestamp) + ahead * MS_PER_SECOND;
}

/** Whether every limit of a line may still be what it was: it is young, and its period has not ended. */
export function isFreshLine(text: string, nowMs: number): boolean {
  const line = limitsLine(text);
  return (
    line !== undefined &&
    Math.abs(nowMs - epochMsOf(line.timestamp)) <= FRESH_MS &&
    windowsOf(line).every((window) => (resetOf(window, line) ?? nowMs) >= nowMs)
  );
}
