import type { ObservedWindow } from "./list-windows.ts";

/**
 * Gives valid windows worked by hand the places that a plan would have given them: the nth window of
 * a feature by a provider is its nth replicate, and within one the earlier is period 1.
 */
export function placeHandWindows(windows: readonly ObservedWindow[]): readonly ObservedWindow[] {
  const valid = windows.filter(({ line }) => line.state === "valid").toSorted(byOrder);
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

/** Both windows of a pair worked by hand. */
interface HandPair {
  readonly feature: string;
  readonly replicate: number;
  readonly baseline: ObservedWindow;
  readonly candidate: ObservedWindow;
}

/**
 * The pairs of the baseline with a candidate in the order in which they were completed, which stands
 * for the schedule that hand work does not have. A later correction of a window leaves its place.
 */
export function pairHandWindows(
  windows: readonly ObservedWindow[],
  { baseline, candidate }: { readonly baseline: string | null; readonly candidate: string },
): readonly HandPair[] {
  const valid = windows.filter(({ line }) => line.state === "valid");
  const others = new Map(
    valid.filter(({ line }) => line.provider === candidate).map((one) => [unitOf(one), one]),
  );
  return valid
    .filter(({ line }) => line.provider === baseline)
    .flatMap((one): readonly HandPair[] => {
      const other = others.get(unitOf(one));
      const { feature_id: feature, replicate } = one.line;
      return other === undefined ? [] : [{ feature, replicate, baseline: one, candidate: other }];
    })
    .toSorted((left, right) => completedAt(left) - completedAt(right));
}

function completedAt({ baseline, candidate }: HandPair): number {
  return Math.max(orderOf(baseline), orderOf(candidate));
}

function unitOf({ line }: ObservedWindow): string {
  return JSON.stringify([line.feature_id, line.replicate]);
}

function orderOf({ line }: ObservedWindow): number {
  return line.executed_order ?? 0;
}

function byOrder(left: ObservedWindow, right: ObservedWindow): number {
  return orderOf(left) - orderOf(right);
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
