import { say } from "./four-digits.ts";

/** Windows that a hold entered at what they cost, and the criteria that they don't meet, in words. */
interface EnteredFacts {
  readonly entered: number;
  readonly unknown: number;
  readonly missed: readonly string[];
}

type Tested = Readonly<Record<"n" | "estimate" | "pTwoSided", number>>;
type LogRatio = Readonly<Record<"estimate" | "ci95Lower" | "ci95Upper", number>>;

export const LOWER_BOUND =
  "The cost of a window that counts is a lower bound: its own budget stopped it, a request has no price, or an answer did not state its usage.";

/** What holds and reasons say of cost if a cost that counts is a lower bound. */
export const COST_NOT_DECIDED =
  "A cost that counts is a lower bound, so nothing is decided about cost.";

/** What each hold found. */
export const HOLD_TEXT = {
  missing: (facts: EnteredFacts) =>
    entered(facts, {
      entered: `${facts.entered} missing windows were entered at what they cost, the candidate's with quality 0`,
      none: "No window that matters is missing.",
      unknown: `The cost of ${facts.unknown} missing windows is not known, or is a lower bound.`,
    }),
  attempts: (facts: EnteredFacts) =>
    entered(facts, {
      entered: `${facts.entered} windows of the candidate were entered with the cost of all their attempts`,
      none: "No window of the candidate was tried more than once.",
      unknown: `What the attempts at ${facts.unknown} windows of the candidate cost is not known, or is a lower bound.`,
    }),
  carryover: ({ n, estimate, pTwoSided }: Tested, alpha: number) =>
    `Within ${n} features in both orders, carry-over is a factor of ${say(Math.exp(estimate))}, p = ${say(pTwoSided)}; below ${alpha} it holds.`,
  /** `first`: the cost ratio in the first period alone. */
  noCarryover: (p: number | undefined, detectable: number | null, first: LogRatio | null) =>
    `Carry-over is not testable: no features have both orders. The comparison between features, p = ${say(p)}, would have found a factor of ${say(detectable)} with 80 % power.${
      first === null
        ? ""
        : ` In the first period alone the cost ratio is ${say(Math.exp(first.estimate))} (95 % CI ${say(Math.exp(first.ci95Lower))} to ${say(Math.exp(first.ci95Upper))}, fixed-n).`
    }`,
  noTotals: (isTokens: boolean) =>
    `The evidence on totals is not available: ${isTokens ? "a compared task has no tokens_max, or a window cost more than it" : "it needs costs in tokens"}.`,
  /** `extra`: the features that it needs; null if they are more than 500. */
  totals: (
    target: number,
    alpha: number,
    { logE, extra }: { logE: number; extra: number | null },
  ) =>
    `The evidence that the ratio of totals is above ${target} is E = ${say(Math.exp(logE))} (anytime-valid); ${say(1 / alpha)} is required, and as things stand needs ${extra ?? "more than 500"} more features.`,
  isolation: (windows: number) => `${windows} counted windows ran without a sandbox.`,
};

function entered(
  { entered: count, unknown, missed }: EnteredFacts,
  said: Readonly<Record<"entered" | "none" | "unknown", string>>,
): string {
  if (unknown > 0) return said.unknown;
  if (count === 0) return said.none;
  return `${said.entered}: ${missed.join(", ") || "the criteria are met with them"}.`;
}

/** A criterion that entered windows don't meet. */
export const UNMET = {
  unknown: "nothing is known",
  bound: "a cost that counts is a lower bound",
  evidence: (logE: number) => `the evidence on cost is E = ${say(Math.exp(logE))}`,
  cost: (ratio: number | null, totals: number | null) =>
    `the cost ratio is ${say(ratio)} and that of the totals ${say(totals)}`,
  quality: (ratio: number | null) => `quality is ${say(ratio)} of the baseline's`,
};
