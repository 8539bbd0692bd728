import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { MatchedSet } from "../../plan/assignment/plan.ts";
import type { SessionRules } from "../../plan/looks/session-rules.ts";
import type { ProviderHealth } from "./provider-health.ts";
import { sayPause } from "./say-pause.ts";
import type { SessionObserver, SessionParts } from "./session-parts.ts";
import type { SessionRecorder } from "./session-recorder.ts";

const HOURS_POLL_MS = 200;

type Parts = Pick<SessionParts, "plan" | "hours" | "wait" | "washoutMs"> & {
  readonly health?: Pick<ProviderHealth, "pauseOf">;
  readonly recorder: Pick<SessionRecorder, "isFinal" | "isUngraded">;
  readonly observer: Pick<SessionObserver, "noted">;
  readonly rules?: Pick<SessionRules, "mayWork">;
};

/**
 * Hands out the remaining sets of a session one by one, in the order of the plan. A set that must wait for
 * its hours, or for its next provider after a failure or a limit, lets others go first. Sets that wait for
 * the same hours keep their order.
 */
export function createSetSchedule(parts: Parts) {
  const { plan, wait, observer } = parts;
  const queue = [...plan.sets];
  const place = new Map(plan.sets.map((set, index) => [set, index]));
  let said = "";
  return {
    /**
     * The next set, as soon as it may be worked; undefined if none is left. If the signal fires, any set
     * is returned, and the caller sees the signal.
     */
    next: async (signal: AbortSignal): Promise<MatchedSet | undefined> => {
      for (;;) {
        const next = queue.findIndex(
          (set) => signal.aborted || (isInHours(set, parts) && pauseOf(set, parts) === null),
        );
        if (next !== -1) return queue.splice(next, 1)[0];
        // A set that is final, or whose arm is halted, needs no wait.
        const waiting = queue.findIndex((set) => leftOf(set, parts).length > 0);
        queue.splice(0, waiting === -1 ? queue.length : waiting);
        const [first] = queue;
        if (first === undefined) return undefined;
        const { sentence, until } = describeWait(first, parts);
        if (until !== said) observer.noted(sentence);
        said = until;
        await wait(HOURS_POLL_MS, signal);
      }
    },
    /** Takes back a set whose hours ended, or whose provider has to rest, before its last window. */
    putBack: (set: MatchedSet): void => {
      const index = queue.findIndex((other) => (place.get(other) ?? 0) > (place.get(set) ?? 0));
      queue.splice(index === -1 ? queue.length : index, 0, set);
    },
  };
}

/** Whether a set's next window would begin in its hours. */
export function isInHours(
  set: MatchedSet,
  parts: Pick<Parts, "hours" | "recorder" | "washoutMs">,
): boolean {
  if (parts.hours === undefined || set.hours === undefined) return true;
  return parts.hours.areOn(set, leadMsOf(set, parts));
}

/** Every window except the first begins after the washout. */
function leadMsOf(
  { windows }: MatchedSet,
  { recorder, washoutMs }: Pick<Parts, "recorder" | "washoutMs">,
): number {
  return windows.some(({ window }) => recorder.isFinal(window)) ? washoutMs : 0;
}

/** The windows of a set that are still to be worked. */
function leftOf(set: MatchedSet, { recorder, rules }: Parts): readonly string[] {
  return set.windows
    .filter((planned) => !recorder.isFinal(planned.window))
    .filter((planned) => rules?.mayWork(planned, set) !== false)
    .map(({ window }) => window);
}

/** What the provider of a set's next window rests for; null if the window may begin. */
function pauseOf(set: MatchedSet, parts: Parts) {
  const next = leftOf(set, parts)[0];
  const planned = set.windows.find(({ window }) => window === next);
  // Work that only lacks a grade needs no provider.
  if (planned === undefined || parts.recorder.isUngraded(planned.window)) return null;
  const pause = parts.health?.pauseOf(planned.provider) ?? null;
  return pause && { planned, pause };
}

/** What a set waits for, and a text that stays the same while it waits for the same. */
function describeWait(set: MatchedSet, parts: Parts) {
  const paused = isInHours(set, parts) ? pauseOf(set, parts) : null;
  if (paused === null) {
    const sentence = sayWait(set, parts);
    return { sentence, until: sentence };
  }
  const { window, provider } = paused.planned;
  const { pause } = paused;
  const waits = `${window} waits ${sayPause(pause.ms)}`;
  if (pause.cause === "reset") {
    const until = timestampOf(pause.resetsAtMs);
    const end = `until ${until}, when the limit of ${provider} resets.`;
    const sentence = `${waits}, ${end} You may interrupt this, and resume later.`;
    return { sentence, until: `${window} ${until}` };
  }
  const why = pause.cause === "limit" ? "reached its limit" : "failed";
  const sentence = `${waits}, because ${provider} has ${why}.`;
  return { sentence, until: `${window} ${String(pause.sinceMs)}` };
}

function sayWait(set: MatchedSet, parts: Parts): string {
  const left = leftOf(set, parts);
  const waits = left.length === 1 ? "waits" : "wait";
  const until = parts.hours?.sayWait(set, leadMsOf(set, parts)) ?? "a while";
  return `${left.join(" and ")} ${waits} for ${until}.`;
}
