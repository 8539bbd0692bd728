/** The running total of an account, in grains. */
export interface RunningSum {
  total(): number;
  /** Adds as of now or of a moment (epoch ms). A negative amount undoes an addition at the same moment. */
  add(grains: number, atMs?: number): void;
  /** Returns when the total will be at most `grains`, epoch ms; null if time alone changes nothing. */
  whenAtMost(grains: number): number | null;
}

/** A sum that never expires. */
export function plainSum(from: number): RunningSum {
  let sum = from;
  return {
    total: () => sum,
    add: (grains) => void (sum = Math.min(Number.MAX_SAFE_INTEGER, sum + grains)),
    whenAtMost: () => null,
  };
}

/** An amount used at a moment. */
export interface TakenAt {
  /** Epoch ms. */
  readonly atMs: number;
  readonly grains: number;
}

/** The resolution of a period, in parts. It bounds the memory for a long ledger. */
const PARTS_MAX = 10_000;
/** The number of expired entries at which the list is compacted. */
const COMPACT_AT = 1024;

/** Counts what was used within the last `everyMs`, to the millisecond. */
export function rollingSum(
  taken: Iterable<TakenAt>,
  { everyMs, nowMs }: { readonly everyMs: number; readonly nowMs: () => number },
): RunningSum {
  const partMs = everyMs / PARTS_MAX;
  let entries: { atMs: number; grains: number }[] = [];
  let head = 0;
  let sum = 0;
  let expiredToMs = -Infinity;

  /** A merged entry expires with its latest part, so never too early, and can still be found. */
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
