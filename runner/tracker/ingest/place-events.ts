import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { keyOf, type ManualWindow, rowsOfWindow } from "../windows/manual-window.ts";

/** The window that an event belongs to, or in a word why it belongs to none. */
export type EventPlace =
  | { readonly key: ManualWindow }
  | { readonly key: null; readonly reason: "ambiguous-time" | "no-window" | "no-time" };

/** Says where an event of a moment belongs, the same place by the same object; `provider` is the one that a source of several names. */
export type PlaceEvent = (at: string | null, provider?: string) => EventPlace;

/** The stretch of a window, in milliseconds since the Unix epoch. */
interface Stretch {
  readonly place: EventPlace & { readonly key: ManualWindow };
  readonly fromMs: number;
  /** Infinity while the window is open. */
  readonly toMs: number;
}

/** Every event belongs to one window, whenever it happened. */
export function placeInWindow(key: ManualWindow): PlaceEvent {
  const place = { key };
  return () => place;
}

const NO_TIME: EventPlace = { key: null, reason: "no-time" };
const NO_WINDOW: EventPlace = { key: null, reason: "no-window" };
const AMBIGUOUS: EventPlace = { key: null, reason: "ambiguous-time" };

/**
 * An event belongs to the manual window of the agent and the provider that was open at its moment, from its
 * `before` to its `after`, if exactly one was.
 */
export function placeByTime(
  view: ExperimentView,
  { agent, provider }: Pick<ManualWindow, "agent" | "provider">,
): PlaceEvent {
  const stretches = stretchesOf(view).filter(
    ({ place: { key } }) => key.agent === agent && key.provider === provider,
  );
  return (at) => {
    if (at === null) return NO_TIME;
    const atMs = epochMsOf(at);
    const open = stretches.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs);
    const [only] = open;
    if (only === undefined) return NO_WINDOW;
    return open.length === 1 ? only.place : AMBIGUOUS;
  };
}

function stretchesOf(view: ExperimentView): readonly Stretch[] {
  const begun = [...view.snapshots.values()].filter(({ phase }) => phase === "before");
  const byKey = new Map(begun.map((reading) => [JSON.stringify(keyOf(reading)), keyOf(reading)]));
  return [...byKey.values()].flatMap((key): readonly Stretch[] => {
    const { before, after, final } = rowsOfWindow(view, key);
    if (before === undefined) return [];
    const end = after?.captured_at ?? final?.ended_at;
    const toMs = end === undefined ? Infinity : epochMsOf(end);
    return [{ place: { key }, fromMs: epochMsOf(before.captured_at), toMs }];
  });
}
