const WINDOWS_IN_A_ROW = 3;
const NEGATIVE_DELTAS_MAX = 1;

/** Whether a provider's meter stops its arm. */
export interface MeterStop {
  readonly stop: boolean;
  /** The window, counted from 1, at which the rule first applied. */
  readonly atWindow: number | null;
}

/**
 * Can a provider's meter still be trusted? Stops its arm where two of any three consecutive
 * finalized windows had a reading that went backwards within one reset period.
 *
 * `negativeDelta` says for each finalized window, in order, whether it had that anomaly.
 *
 * @example
 * stopForNegativeDeltas([true, false, true]); // { stop: true, atWindow: 3 }
 */
export function stopForNegativeDeltas(negativeDelta: readonly boolean[]): MeterStop {
  const index = negativeDelta.findIndex((_, last) => {
    const recent = negativeDelta.slice(Math.max(0, last + 1 - WINDOWS_IN_A_ROW), last + 1);
    return recent.filter(Boolean).length > NEGATIVE_DELTAS_MAX;
  });
  return index === -1 ? { stop: false, atWindow: null } : { stop: true, atWindow: index + 1 };
}
