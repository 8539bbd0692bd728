import { say } from "./four-digits.ts";

/** Windows that a hold entered at what they cost, and what its criteria found with them. */
interface EnteredFacts {
  readonly entered: number;
  readonly unknown: number;
  /** Criteria that the entered windows do not meet, in words. */
  readonly missed: readonly string[];
}

export function missingText(facts: EnteredFacts): string {
  return enteredText(facts, {
    entered: `${facts.entered} missing windows were entered at what they cost, the candidate's with quality 0`,
    none: "No window that matters is missing.",
    unknown: `The cost of ${facts.unknown} missing windows is not known.`,
  });
}

export function attemptsText(facts: EnteredFacts): string {
  return enteredText(facts, {
    entered: `${facts.entered} windows of the candidate were entered with the cost of all their attempts`,
    none: "No window of the candidate was tried more than once.",
    unknown: `What the attempts at ${facts.unknown} windows of the candidate cost is not known.`,
  });
}

function enteredText(
  { entered, unknown, missed }: EnteredFacts,
  said: Readonly<Record<"entered" | "none" | "unknown", string>>,
): string {
  if (unknown > 0) return said.unknown;
  if (entered === 0) return said.none;
  return `${said.entered}: ${missed.join(", ") || "the criteria are met with them"}.`;
}

export const UNMET = {
  unknown: "nothing is known",
  evidence: (logE: number) => `the evidence on cost is E = ${say(Math.exp(logE))}`,
  cost: (ratio: number | null, totals: number | null) =>
    `the cost ratio is ${say(ratio)} and that of the totals ${say(totals)}`,
  quality: (ratio: number | null) => `quality is ${say(ratio)} of the baseline's`,
};

/** Carry-over within features that were run in both orders. */
export function carryoverText(
  { n, estimate, pTwoSided }: Record<"n" | "estimate" | "pTwoSided", number>,
  alpha: number,
): string {
  return `Within ${n} features in both orders, carry-over is a factor of ${say(Math.exp(estimate))}, p = ${say(pTwoSided)}; below ${alpha} it holds.`;
}

interface Untestable {
  readonly p: number | undefined;
  readonly detectable: number | null;
  /** The logarithm of the cost ratio in the first period alone. */
  readonly first: Readonly<Record<"estimate" | "ci95Lower" | "ci95Upper", number>> | null;
}

export function noCarryoverText({ p, detectable, first }: Untestable): string {
  const found =
    first === null
      ? ""
      : ` In the first period alone the cost ratio is ${say(Math.exp(first.estimate))} (95 % CI ${say(Math.exp(first.ci95Lower))} to ${say(Math.exp(first.ci95Upper))}, fixed-n).`;
  return `Carry-over is not testable: no features have both orders. The comparison between features, p = ${say(p)}, would have found a factor of ${say(detectable)} with 80 % power.${found}`;
}

export function noTotalsText(isTokens: boolean): string {
  const why = isTokens
    ? "a compared task has no tokens_max, or a window cost more than it"
    : "it needs costs in tokens";
  return `The evidence on totals is not available: ${why}.`;
}

interface Totals {
  readonly target: number;
  readonly alpha: number;
  readonly logE: number;
  /** Features that it needs; null if they are more than 500. */
  readonly extra: number | null;
}

export function totalsText({ target, alpha, logE, extra }: Totals): string {
  return `The evidence that the ratio of totals is above ${target} is E = ${say(Math.exp(logE))} (anytime-valid); ${say(1 / alpha)} is required, and as things stand needs ${extra ?? "more than 500"} more features.`;
}

export function openText(windows: number): string {
  return `${windows} counted windows ran without a sandbox.`;
}
