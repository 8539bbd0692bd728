import type { Clock } from "../../../ledger/domain/clock.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { type Hours, hoursAt, nextChangeMs, type PricedPeak } from "../../plan/assignment/hours.ts";
import type { MatchedSet } from "../../plan/assignment/plan.ts";
import type { NoticedAnomaly } from "../windows/window-worker.ts";

export type SetHours = ReturnType<typeof createSetHours>;

/**
 * Says in which hours a session is, for matched sets that belong to some. Without peaks every set may be
 * worked at any time.
 */
export function createSetHours(priced: readonly PricedPeak[], clock: Clock) {
  const peaks = priced.map(({ peak }) => peak);
  const at = rememberMinute((atMs) => hoursAt(peaks, atMs));
  return {
    /** Whether it is the hours of the set, now or after a number of milliseconds. */
    areOn: ({ hours }: MatchedSet, leadMs = 0): boolean =>
      hours === undefined || at(clock.nowMs() + leadMs) === hours,
    /** `peak hours until 2026-11-23T06:00:00.000Z`: the wait for the hours of the set. */
    sayWait: ({ hours }: MatchedSet, leadMs = 0): string => {
      const untilMs = nextChangeMs(peaks, clock.nowMs() + leadMs);
      const until = untilMs === null ? "they come" : timestampOf(untilMs);
      return `${String(hours)} hours until ${until}`;
    },
    nowMs: () => clock.nowMs(),
    /** The anomalies of an attempt that began at a moment (epoch ms) and ends now. */
    findBreaches: ({ hours }: MatchedSet, fromMs: number): readonly NoticedAnomaly[] => {
      if (hours === undefined) return [];
      const [began, ended] = [at(fromMs), at(clock.nowMs())];
      const changeMs = nextChangeMs(peaks, fromMs);
      const isWithin = changeMs === null || changeMs > clock.nowMs();
      return began === hours && isWithin ? [] : [breach({ hours, began, ended })];
    },
  };
}

const MS_PER_MINUTE = 60_000;

/** Hours change on the minute, so one answer serves thousands of sets. */
function rememberMinute(hoursOf: (atMs: number) => Hours): (atMs: number) => Hours {
  let known: { readonly minute: number; readonly hours: Hours } | null = null;
  return (atMs) => {
    const minute = Math.floor(atMs / MS_PER_MINUTE);
    if (known?.minute !== minute) known = { minute, hours: hoursOf(atMs) };
    return known.hours;
  };
}

/** A part of the attempt had the prices of the other hours. */
function breach(observed: Readonly<Record<"hours" | "began" | "ended", Hours>>): NoticedAnomaly {
  return {
    kind: "other-hours",
    observed,
    action: `The window belongs to ${observed.hours} hours; it was kept with its cost.`,
  };
}
