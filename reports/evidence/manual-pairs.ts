import type { ObservedWindow } from "./observed-window.ts";
import { matchedSetKey } from "./registration.ts";

/**
 * Gives valid manual windows the places that a plan would have given them: the nth window of a
 * feature by a provider is its nth replicate, and the earlier window of a replicate is period 1.
 */
export function placeManualWindows(windows: readonly ObservedWindow[]): readonly ObservedWindow[] {
  const valid = windows
    .filter(({ line }) => line.state === "valid")
    .toSorted((left, right) => orderOf(left) - orderOf(right));
  const replicates = countUp(valid, ({ line }) => [line.feature_id, line.provider]);
  const periods = countUp(valid, (window) => [window.line.feature_id, replicates.get(window)]);
  return windows.map((window) => ({
    ...window,
    line: {
      ...window.line,
      replicate: replicates.get(window) ?? window.line.replicate,
      period: periods.get(window) ?? window.line.period,
    },
  }));
}

/**
 * The pairs of the baseline with a candidate in the order in which they were completed, because
 * they have no schedule. A window that is corrected later keeps its place.
 */
export function pairManualWindows(
  windows: readonly ObservedWindow[],
  { baseline, candidate }: { readonly baseline: string | null; readonly candidate: string },
) {
  const valid = windows.filter(({ line }) => line.state === "valid");
  const others = new Map(
    valid
      .filter(({ line }) => line.provider === candidate)
      .map((window) => [matchedSetKey(window.line), window]),
  );
  return valid
    .filter(({ line }) => line.provider === baseline)
    .flatMap((window) => {
      const other = others.get(matchedSetKey(window.line));
      return other === undefined ? [] : [{ baseline: window, candidate: other }];
    })
    .toSorted((left, right) => completedAt(left) - completedAt(right));
}

function completedAt(pair: {
  readonly baseline: ObservedWindow;
  readonly candidate: ObservedWindow;
}): number {
  return Math.max(orderOf(pair.baseline), orderOf(pair.candidate));
}

function orderOf({ line }: ObservedWindow): number {
  return line.executed_order ?? 0;
}

function countUp(
  windows: readonly ObservedWindow[],
  keyOf: (window: ObservedWindow) => readonly unknown[],
): ReadonlyMap<ObservedWindow, number> {
  const counts = new Map<string, number>();
  return new Map(
    windows.map((window) => {
      const key = JSON.stringify(keyOf(window));
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return [window, count];
    }),
  );
}
