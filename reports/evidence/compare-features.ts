import { groupSorted } from "./group-sorted.ts";

/** One use of a feature by one side. Unknown amounts are null. */
export interface FeatureUse {
  readonly feature: string;
  readonly side: "baseline" | "candidate";
  readonly tokens: number | null;
  readonly usd: number | null;
}

/** Whether the two sides count tokens alike; `unknown` if nothing says whose models they are. */
export type Vendors = "one" | "several" | "unknown";

/** The mean of a side's uses of one feature. */
interface SideMean {
  readonly uses: number;
  readonly tokens: number | null;
  readonly usd: number | null;
}

/**
 * A feature that both sides have used. Ratios are baseline ÷ candidate: above 1, the candidate took less. Tokens of
 * several vendors have none.
 */
export interface MatchedFeature {
  readonly feature: string;
  readonly baseline: SideMean;
  readonly candidate: SideMean;
  readonly tokens_ratio: number | null;
  readonly usd_ratio: number | null;
}

export interface FeatureComparison {
  readonly vendors: Vendors;
  readonly matched: readonly MatchedFeature[];
  /** Features of one side only, by name. */
  readonly unmatched: {
    readonly baseline: readonly string[];
    readonly candidate: readonly string[];
  };
  /** The sums of the means of matched features. */
  readonly totals: Omit<MatchedFeature, "feature">;
}

/** Compares what two sides used for the same features. It describes what was recorded, and infers nothing. */
export function compareFeatures(uses: readonly FeatureUse[], vendors: Vendors): FeatureComparison {
  const byFeature = groupSorted(uses, ({ feature }) => feature);
  const sides = byFeature.map(([feature, own]) => ({
    feature,
    baseline: own.filter(({ side }) => side === "baseline"),
    candidate: own.filter(({ side }) => side === "candidate"),
  }));
  const matched = sides
    .filter(({ baseline, candidate }) => baseline.length > 0 && candidate.length > 0)
    .map(({ feature, baseline, candidate }) => {
      const means = { baseline: meanOf(baseline), candidate: meanOf(candidate) };
      return { feature, ...means, ...ratiosOf(means, vendors) };
    });
  const sums = {
    baseline: totalOf(matched.map(({ baseline }) => baseline)),
    candidate: totalOf(matched.map(({ candidate }) => candidate)),
  };
  const only = (side: "baseline" | "candidate", other: "baseline" | "candidate") =>
    sides
      .filter((one) => one[side].length > 0 && one[other].length === 0)
      .map((one) => one.feature);
  return {
    vendors,
    matched,
    unmatched: {
      baseline: only("baseline", "candidate"),
      candidate: only("candidate", "baseline"),
    },
    totals: { ...sums, ...ratiosOf(sums, vendors) },
  };
}

function meanOf(uses: readonly FeatureUse[]): SideMean {
  const mean = (amounts: readonly (number | null)[]) => {
    const sum = sumKnown(amounts);
    return sum === null ? null : sum / uses.length;
  };
  return {
    uses: uses.length,
    tokens: mean(uses.map(({ tokens }) => tokens)),
    usd: mean(uses.map(({ usd }) => usd)),
  };
}

function totalOf(means: readonly SideMean[]): SideMean {
  return {
    uses: means.reduce((sum, { uses }) => sum + uses, 0),
    tokens: sumKnown(means.map(({ tokens }) => tokens)),
    usd: sumKnown(means.map(({ usd }) => usd)),
  };
}

/** The sum; null if one of the amounts is unknown, or if there is none. */
function sumKnown(amounts: readonly (number | null)[]): number | null {
  const known = amounts.filter((amount) => amount !== null);
  if (known.length < amounts.length || known.length === 0) return null;
  return known.reduce((sum, amount) => sum + amount, 0);
}

function ratiosOf(
  { baseline, candidate }: Pick<MatchedFeature, "baseline" | "candidate">,
  vendors: Vendors,
) {
  return {
    tokens_ratio: vendors === "several" ? null : ratio(baseline.tokens, candidate.tokens),
    usd_ratio: ratio(baseline.usd, candidate.usd),
  };
}

function ratio(baseline: number | null, candidate: number | null): number | null {
  return baseline === null || candidate === null || candidate === 0 ? null : baseline / candidate;
}
