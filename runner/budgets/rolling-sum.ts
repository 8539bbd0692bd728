import type { RunningSum } from "./running-sum.ts";

/** Something taken at a moment (epoch ms); grains. */
export interface TakenAt {
  readonly atMs: number;
  readonly grains: number;
}

/** A period is told apart into so many parts at most, so that a long ledger takes no more memory. */
const PARTS_MAX = 10_000;
/** Spent entries at the head of the list are dropped when there are so many. */
const COMPACT_AT = 1024;

/** Counts what was taken within the last `everyMs`; at its end, to the millisecond, it counts no more. */
export function rollingSum(
  taken: Iterable<TakenAt>,
  { everyMs, nowMs }: { readonly everyMs: number; readonly nowMs: () => number },
): RunningSum {
  const partMs = everyMs / PARTS_MAX;
  let entries: { atMs: number; grains: number }[] = [];
  let head = 0;
  let sum = 0;
  let expiredToMs = -Infinity;

  /** Merged entries leave together with the latest of them: never too early, and always found again. */
  function put({ atMs, grains }: TakenAt): void {
    if (atMs <= expiredToMs) return;
    let index = entries.length;
    while (index > head && (entries[index - 1]?.atMs ?? 0) >= atMs) index -= 1;
    const later = entries[index];
    const earlier = index > head ? entries[index - 1] : undefined;
    sum += grains;
    if (later !== undefined) later.grains += grains;
    else if (earlier !== undefined && atMs - earlier.atMs < partMs) {
      earlier.atMs = atMs;
      earlier.grains += grains;
    } else entries.push({ atMs, grains });
  }

  function expire(): void {
    const oldestMs = nowMs() - everyMs;
    for (let entry = entries[head]; entry && entry.atMs <= oldestMs; entry = entries[head]) {
      sum -= entry.grains;
      expiredToMs = entry.atMs;
      head += 1;
    }
    if (head < COMPACT_AT) return;
    entries = entries.slice(head);
    head = 0;
  }

  for (const one of [...taken].toSorted((left, right) => left.atMs - right.atMs)) put(one);
  return {
    total: () => {
      expire();
      return Math.min(Number.MAX_SAFE_INTEGER, sum);
    },
    add: (grains, atMs = nowMs()) => {
      expire();
      if (grains !== 0) put({ atMs, grains });
    },
    whenAtMost: (grains) => {
      expire();
      let left = sum;
      if (left <= grains) return nowMs();
      for (const entry of entries.slice(head)) {
        left -= entry.grains;
        if (left <= grains) return entry.atMs + everyMs;
      }
      return null;
    },
  };
}
