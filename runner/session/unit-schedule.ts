import type { PlannedUnit } from "../assignment/plan.ts";
import type { SessionParts } from "./run-session.ts";
import type { SessionObserver } from "./session-observer.ts";
import type { SessionRecorder } from "./session-recorder.ts";
import type { SessionRules } from "./session-rules.ts";
import { UnitQueue } from "./unit-queue.ts";

const HOURS_POLL_MS = 200;

/** Hands out the units of a session one by one, each in its hours. */
export interface UnitSchedule {
  /**
   * The next unit, as soon as it may be worked; undefined where none is left. Where the signal fires
   * it is whatever comes next, for the caller to see that it was interrupted.
   */
  next(signal: AbortSignal): Promise<PlannedUnit | undefined>;
  /** Takes back a unit whose hours were over before its last window. */
  putBack(unit: PlannedUnit): void;
}

type Parts = Pick<SessionParts, "plan" | "hours" | "wait" | "washoutMs"> & {
  readonly recorder: Pick<SessionRecorder, "isFinal">;
  readonly observer: Pick<SessionObserver, "noted">;
  readonly rules?: Pick<SessionRules, "mayWork">;
};

/** In the order of the plan, but that a unit of the present hours goes before one of others. */
export function createUnitSchedule(parts: Parts): UnitSchedule {
  const { plan, wait, observer } = parts;
  const queue = new UnitQueue(plan.units);
  let said = "";
  return {
    next: async (signal) => {
      for (;;) {
        const unit = queue.take((one) => signal.aborted || isInHours(one, parts));
        if (unit !== undefined) return unit;
        // Nobody waits hours for a unit that is final, or whose arm is halted.
        queue.drop((one) => leftOf(one, parts).length === 0);
        if (queue.first === undefined) return undefined;
        const sentence = sayWait(queue.first, parts);
        if (sentence !== said) observer.noted(sentence);
        said = sentence;
        // oxlint-disable-next-line no-await-in-loop -- waiting is the point
        await wait(HOURS_POLL_MS, signal);
      }
    },
    putBack: (unit) => queue.putBack(unit),
  };
}

/** Whether a unit's next window would begin in its hours. */
export function isInHours(
  unit: PlannedUnit,
  parts: Pick<Parts, "hours" | "recorder" | "washoutMs">,
): boolean {
  if (parts.hours === undefined || unit.hours === undefined) return true;
  return parts.hours.areOn(unit, leadMsOf(unit, parts));
}

/** A later window than the first begins after the washout. */
function leadMsOf(
  { windows }: PlannedUnit,
  { recorder, washoutMs }: Pick<Parts, "recorder" | "washoutMs">,
): number {
  return windows.some(({ window }) => recorder.isFinal(window)) ? washoutMs : 0;
}

/** The windows of a unit that are still to be worked. */
function leftOf(unit: PlannedUnit, { recorder, rules }: Parts): readonly string[] {
  return unit.windows
    .filter((planned) => !recorder.isFinal(planned.window))
    .filter((planned) => rules?.mayWork(planned, unit) !== false)
    .map(({ window }) => window);
}

function sayWait(unit: PlannedUnit, parts: Parts): string {
  const left = leftOf(unit, parts);
  const waits = left.length === 1 ? "waits" : "wait";
  const until = parts.hours?.sayWait(unit, leadMsOf(unit, parts)) ?? "a while";
  return `${left.join(" and ")} ${waits} for ${until}.`;
}
