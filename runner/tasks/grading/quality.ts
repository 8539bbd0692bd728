/** A scenario of the suite and how it ended. */
interface Graded {
  readonly suite: "visible" | "held-out";
  readonly status: string;
}

/** What was achieved, 0 to 1. A share is undefined if there are no such scenarios. */
export interface Quality {
  /** The mean of the two shares, or the only one. */
  readonly quality: number;
  /** Share of the visible scenarios that passed. */
  readonly qualityVisible: number | undefined;
  /** Share of the held-out scenarios that passed. */
  readonly qualityHeldOut: number | undefined;
}

/**
 * Held-out scenarios weigh as much as all visible ones together, however many there are. A solution that
 * only repeats the examples that it was shown thus gets half.
 */
export function qualityOf(scenarios: readonly Graded[]): Quality {
  const qualityVisible = shareOf(scenarios.filter(({ suite }) => suite === "visible"));
  const qualityHeldOut = shareOf(scenarios.filter(({ suite }) => suite === "held-out"));
  const shares = [qualityVisible, qualityHeldOut].filter((share) => share !== undefined);
  const quality = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return { quality, qualityVisible, qualityHeldOut };
}

function shareOf(scenarios: readonly Graded[]): number | undefined {
  if (scenarios.length === 0) return undefined;
  return scenarios.filter(({ status }) => status === "passed").length / scenarios.length;
}
