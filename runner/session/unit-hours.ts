import type { Clock } from "../../ledger/domain/clock.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import { type Hours, hoursAt, nextChangeMs } from "../assignment/hours.ts";
import type { PlannedUnit } from "../assignment/plan.ts";
import type { PricedPeak } from "../assignment/priced-peaks.ts";
import type { NoticedAnomaly } from "./window-worker.ts";

/** Tells a session in which hours it is, for units that belong to some. */
export interface UnitHours {
  /** Whether the hours in which the unit is to be worked are on, now or in so many milliseconds. */
  areOn(unit: PlannedUnit, leadMs?: number): boolean;
  /** `peak hours until 2026-11-23T06:00:00.000Z`: what the unit waits for while they are not. */
  sayWait(unit: PlannedUnit, leadMs?: number): string;
  nowMs(): number;
  /** What is amiss with an attempt that was begun at a moment (epoch ms) and ends now. */
  findBreaches(unit: PlannedUnit, fromMs: number): readonly NoticedAnomaly[];
}

/** The hours of an experiment's peaks; without any, every unit may be worked at any time. */
export function createUnitHours(priced: readonly PricedPeak[], clock: Clock): UnitHours {
  const peaks = priced.map(({ peak }) => peak);
  const at = rememberMinute((atMs) => hoursAt(peaks, atMs));
  return {
    areOn: ({ hours }, leadMs = 0) => hours === undefined || at(clock.nowMs() + leadMs) === hours,
    sayWait: ({ hours }, leadMs = 0) => {
      const untilMs = nextChangeMs(peaks, clock.nowMs() + leadMs);
      const until = untilMs === null ? "they come" : timestampOf(untilMs);
      return `${String(hours)} hours until ${until}`;
    },
    nowMs: () => clock.nowMs(),
    findBreaches: ({ hours }, fromMs) => {
      if (hours === undefined) return [];
      const [began, ended] = [at(fromMs), at(clock.nowMs())];
      const changeMs = nextChangeMs(peaks, fromMs);
      const isWithin = changeMs === null || changeMs > clock.nowMs();
      return began === hours && isWithin ? [] : [breach({ hours, began, ended })];
    },
  };
}

const MS_PER_MINUTE = 60_000;

/** Hours change on the minute: asked for thousands of units in a row, the clocks are read once. */
function rememberMinute(hoursOf: (atMs: number) => Hours): (atMs: number) => Hours {
  let known: { readonly minute: number; readonly hours: Hours } | null = null;
  return (atMs) => {
    const minute = Math.floor(atMs / MS_PER_MINUTE);
    if (known?.minute !== minute) known = { minute, hours: hoursOf(atMs) };
    return known.hours;
  };
}

/** Part of what the attempt spent was priced as in the other hours. */
function breach(observed: {
  readonly hours: Hours;
  readonly began: Hours;
  readonly ended: Hours;
}): NoticedAnomaly {
  return {
    kind: "other-hours",
    observed,
    action: `The window was to be worked in ${observed.hours} hours alone; it was kept with what it spent.`,
  };
}
