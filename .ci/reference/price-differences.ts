import picomatch from "picomatch";

import differences from "./price-differences.json" with { type: "json" };

/** A model whose price in a catalogue is not ours. */
export interface PriceDifference {
  /** `pi: openai`, or `ccusage`. */
  readonly catalogue: string;
  readonly model: string;
}

/** Why our prices differ from those of a catalogue, by patterns of ids. */
export const KNOWN_DIFFERENCES = differences;

/** Differences that have no reason, and reasons that nothing needs any more. */
export function judgeDifferences(found: readonly PriceDifference[]) {
  const unused = new Set(KNOWN_DIFFERENCES);
  const unexplained = found.filter(({ catalogue, model }) => {
    const reasons = KNOWN_DIFFERENCES.filter(
      (known) => known.catalogue === catalogue && picomatch.isMatch(model, known.models),
    );
    for (const reason of reasons) unused.delete(reason);
    return reasons.length === 0;
  });
  return { unexplained, unused: [...unused] };
}
