import type { MatchedSet } from "../assignment/plan.ts";
import type { SessionRules } from "../looks/session-rules.ts";
import type { SessionObserver } from "./session-observer.ts";
import type { SessionParts } from "./session-parts.ts";
import type { SessionRecorder } from "./session-recorder.ts";

const HOURS_POLL_MS = 200;

/** Hands out the matched sets of a session one by one, each in its hours. */
export interface SetSchedule {
  /**
   * The next set, as soon as it may be worked; undefined if none is left. If the signal fires, any set
   * is returned, and the caller sees the signal.
   */
  next(signal: AbortSignal): Promise<MatchedSet | undefined>;
  /** Takes back a set whose hours ended before its last window. */
  putBack(set: MatchedSet): void;
}

type Parts = Pick<SessionParts, "plan" | "hours" | "wait" | "washoutMs"> & {
  readonly recorder: Pick<SessionRecorder, "isFinal">;
  readonly observer: Pick<SessionObserver, "noted">;
  readonly rules?: Pick<SessionRules, "mayWork">;
};

/** The order is that of the plan, but sets of the present hours come before the others. */
export function createSetSchedule(parts: Parts): SetSchedule {
  const { plan, wait, observer } = parts;
  const queue = new SetQueue(plan.sets);
  let said = "";
  return {
    next: async (signal) => {
      for (;;) {
        const set = queue.take((one) => signal.aborted || isInHours(one, parts));
        if (set !== undefined) return set;
        // A set that is final, or whose arm is halted, needs no wait.
        queue.drop((one) => leftOf(one, parts).length === 0);
        if (queue.first === undefined) return undefined;
        const sentence = sayWait(queue.first, parts);
        if (sentence !== said) observer.noted(sentence);
        said = sentence;
        await wait(HOURS_POLL_MS, signal);
      }
    },
    putBack: (set) => queue.putBack(set),
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

function sayWait(set: MatchedSet, parts: Parts): string {
  const left = leftOf(set, parts);
  const waits = left.length === 1 ? "waits" : "wait";
  const until = parts.hours?.sayWait(set, leadMsOf(set, parts)) ?? "a while";
  return `${left.join(" and ")} ${waits} for ${until}.`;
}

/**
 * The remaining sets, in the order of the schedule. A set that must wait for its hours lets others go
 * first. Sets that wait for the same hours keep their order.
 */
class SetQueue {
  readonly #sets: MatchedSet[];
  readonly #place: ReadonlyMap<MatchedSet, number>;

  constructor(sets: readonly MatchedSet[]) {
    this.#sets = [...sets];
    this.#place = new Map(sets.map((set, index) => [set, index]));
  }

  /** The first waiting set; undefined if none is left. */
  get first(): MatchedSet | undefined {
    return this.#sets[0];
  }

  /** Takes out the first set that may be worked. */
  take(mayWork: (set: MatchedSet) => boolean): MatchedSet | undefined {
    const index = this.#sets.findIndex(mayWork);
    return index === -1 ? undefined : this.#sets.splice(index, 1)[0];
  }

  /** Puts an unfinished set back into its place. */
  putBack(set: MatchedSet): void {
    const place = this.#place.get(set) ?? 0;
    const index = this.#sets.findIndex((other) => (this.#place.get(other) ?? 0) > place);
    this.#sets.splice(index === -1 ? this.#sets.length : index, 0, set);
  }

  /** Takes out finished sets from the beginning. */
  drop(isDone: (set: MatchedSet) => boolean): void {
    const index = this.#sets.findIndex((set) => !isDone(set));
    this.#sets.splice(0, index === -1 ? this.#sets.length : index);
  }
}
